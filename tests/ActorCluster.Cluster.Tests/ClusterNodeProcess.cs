using System.Diagnostics;
using System.Text.RegularExpressions;
using ActorCluster.Node.Tests;
using ActorCluster.Tests.Shared;

namespace ActorCluster.Cluster.Tests;

/// <summary>One node as a process of its own, which dies with the tests.</summary>
internal sealed partial class ClusterNodeProcess : IDisposable
{
    private readonly Process _process;
    private readonly string _log;
    private volatile string? _up;

    private ClusterNodeProcess(string name, string folder, int generation, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        Name = name;
        _log = Path.Combine(folder, $"log-{generation}");
        _process = LivingProcess.Start("setpriv", ["--pdeathsig", "KILL", "--", ActorClusterProcess.Executable, "node", .. arguments], Said, folder, environment);
    }

    /// <summary>What the scenario calls it.</summary>
    public string Name { get; }

    /// <summary>Its process.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>How it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Where it is operated, <c>host:port</c>; known once it is up.</summary>
    public string Operator => _up ?? throw new InvalidOperationException($"Node {Name} is not up.");

    /// <summary>What it has said so far.</summary>
    public string Log => File.Exists(_log) ? File.ReadAllText(_log) : "";

    /// <summary>Starts a node and waits until it says that it is up.</summary>
    /// <param name="name">What the scenario calls it.</param>
    /// <param name="folder">Its working folder, which is made.</param>
    /// <param name="generation">The how manieth process of this name it is.</param>
    /// <param name="arguments">What follows <c>actorcluster node</c>.</param>
    /// <param name="environment">What is set in its environment.</param>
    public static async Task<ClusterNodeProcess> StartAsync(
        string name, string folder, int generation, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        Directory.CreateDirectory(folder);
        var node = new ClusterNodeProcess(name, folder, generation, arguments, environment);
        await Eventually.HoldsAsync(() => node._up is not null || node.HasExited, () => $"node {name} is up\n{node.Log}");
        Assert.True(node._up is not null, $"Node {name} ended before it was up, exit code {(node.HasExited ? node.ExitCode : -1)}:\n{node.Log}");
        return node;
    }

    /// <summary>Sends it a signal.</summary>
    public void Send(int signal) => Signals.Send(Id, signal);

    /// <summary>Waits for its end and gives its exit code.</summary>
    public async Task<int> EndAsync()
    {
        await Eventually.HoldsAsync(() => HasExited, () => $"node {Name} has ended\n{Log}");
        return ExitCode;
    }

    public void Dispose()
    {
        if (!HasExited)
        {
            Send(Signals.Kill);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private void Said(string line)
    {
        File.AppendAllText(_log, line + "\n");
        if (UpLine().Match(line) is { Success: true } up)
        {
            _up = up.Groups["operator"].Value;
        }
    }

    [GeneratedRegex("^node .* is up: .*operator http://(?<operator>[^/ ]+)")]
    private static partial Regex UpLine();
}
