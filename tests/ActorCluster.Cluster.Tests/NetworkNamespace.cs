using ActorCluster.Node.Tests;

namespace ActorCluster.Cluster.Tests;

/// <summary>A network of its own for a node, with a cable to this machine's that can be cut.</summary>
internal sealed class NetworkNamespace : IAsyncDisposable
{
    private readonly string _name = $"acluster-{Environment.ProcessId}";
    private readonly string _cable = $"ac{Environment.ProcessId}";

    // RFC 2544: for tests between networks.
    private readonly string _prefix = $"198.18.{Environment.ProcessId % 256}";

    private NetworkNamespace()
    {
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
    public async ValueTask DisposeAsync() => await Tool.RunAsync("ip", "netns", "delete", _name);
}
