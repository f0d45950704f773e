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

    private ClusterNodeProcess(string name, string folder, int generation, IEnumerable<string> within, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        Name = name;
        _log = Path.Combine(folder, $"log-{generation}");
        _process = LivingProcess.Start("setpriv", ["--pdeathsig", "KILL", "--", .. within, ActorClusterProcess.Executable, "node", .. arguments], Said, folder, environment);
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

    /// <summary>Whether it has been up, even if it has ended since.</summary>
    public bool IsUp => _up is not null;

    /// <summary>Its address in the cluster, <c>host:port</c>, once it is up.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Starts a node.</summary>
    /// <param name="name">What the scenario calls it.</param>
    /// <param name="folder">Its working folder, which is made.</param>
    /// <param name="generation">The how manieth process of this name it is.</param>
    /// <param name="within">A program, with its arguments, that becomes the node; none for the node itself.</param>
    /// <param name="arguments">What follows <c>actorcluster node</c>.</param>
    /// <param name="environment">What is set in its environment.</param>
    public static ClusterNodeProcess Start(
        string name, string folder, int generation, IEnumerable<string> within, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        Directory.CreateDirectory(folder);
        return new ClusterNodeProcess(name, folder, generation, within, arguments, environment);
    }

    /// <summary>Waits until it says that it is up.</summary>
    public async Task UpAsync()
    {
        await Eventually.HoldsAsync(() => IsUp || HasExited, () => $"node {Name} is up\n{Log}");
        Assert.True(IsUp, $"Node {Name} ended before it was up, exit code {(HasExited ? ExitCode : -1)}:\n{Log}");
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
            Address = up.Groups["address"].Value;
            _up = up.Groups["operator"].Value;
        }
    }

    [GeneratedRegex("^node (?<address>[^ ]*) is up: .*operator http://(?<operator>[^/ ]+)")]
    private static partial Regex UpLine();
}
