using ActorCluster.Node.Tests;

namespace ActorCluster.Cluster.Tests;

/// <summary>A network of its own for a node, with a cable to this machine's that can be cut.</summary>
internal sealed class NetworkNamespace : IAsyncDisposable
{
    private static int _made;
    private readonly string _name;
    private readonly string _cable;
    private readonly string _prefix;

    private NetworkNamespace()
    {
        // A number of its own: the one before may still be there for a while, for connections that the cut left behind.
        var number = Environment.ProcessId + Interlocked.Increment(ref _made);
        (_name, _cable) = ($"acluster-{number}", $"ac{number}");
        _prefix = $"198.18.{number % 256}"; // RFC 2544: for tests between networks.
    }

    /// <summary>This machine's address at the cable.</summary>
    public string Outside => $"{_prefix}.1";

    /// <summary>The address at the other end.</summary>
    public string Inside => $"{_prefix}.2";

    /// <summary>What becomes a program in this network.</summary>
    public string[] Within => ["nsenter", $"--net=/run/netns/{_name}", "--"];

    /// <summary>Makes it and lays the cable.</summary>
    public static async Task<NetworkNamespace> CreateAsync()
    {
        var network = new NetworkNamespace();
        var (name, cable) = (network._name, network._cable);
        await Tool.RunAsync("ip", "netns", "add", name);
        try
        {
            await Tool.RunAsync("ip", "link", "add", cable, "type", "veth", "peer", "name", "inside", "netns", name);
            await Tool.RunAsync("ip", "address", "add", $"{network.Outside}/30", "dev", cable);
            await Tool.RunAsync("ip", "link", "set", cable, "up");
            await Tool.RunAsync("ip", "-n", name, "address", "add", $"{network.Inside}/30", "dev", "inside");
            await Tool.RunAsync("ip", "-n", name, "link", "set", "inside", "up");
            await Tool.RunAsync("ip", "-n", name, "link", "set", "lo", "up");
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>Nothing gets through any more, and nobody is told.</summary>
    public Task CutAsync() => Tool.RunAsync("ip", "link", "set", _cable, "down");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Directory.Exists($"/sys/class/net/{_cable}"))
        {
            await Tool.RunAsync("ip", "link", "delete", _cable);
        }

        await Tool.RunAsync("ip", "netns", "delete", _name);
    }
}
