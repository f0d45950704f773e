using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ActorCluster.Node.Tests;
using ActorCluster.Storage;
using ActorCluster.Tests.Shared;

namespace ActorCluster.Cluster.Tests;

/// <summary>
/// A cluster of real processes over a real PostgreSQL and one shared data folder, and what may happen to it. A scenario starts nodes, submits the
/// workload's run, waits for some progress, does its worst, and compares what is left with the undisturbed run.
/// </summary>
internal sealed class ClusterHarness : IAsyncDisposable
{
    private const string AllRoles = "coordinator,worker,gpu";

    private readonly Workload _work;
    private readonly Dictionary<string, string> _environment;
    private readonly Dictionary<string, int> _ports = [];
    private readonly Dictionary<string, int> _generations = [];
    private readonly List<ClusterNodeProcess> _nodes = [];
    private readonly string[] _seeds;
    private readonly Dictionary<string, (string Host, string[] Within)> _places = [];
    private bool _isMounted;

    /// <summary>Makes a folder and chooses the seeds' ports; starts nothing.</summary>
    /// <param name="work">The videos.</param>
    /// <param name="seeds">The nodes that others join at, by name; the first founds the cluster. They should be its coordinators.</param>
    public ClusterHarness(Workload work, params string[] seeds)
    {
        _work = work;
        _seeds = seeds;
        _environment = new Dictionary<string, string>
        {
            ["DOTNET_ROOT"] = ActorClusterProcess.DotnetRoot,
            ["ACTORCLUSTER__TIMERS__HEARTBEAT_PAUSE_SECONDS"] = "4",
            ["ACTORCLUSTER__TIMERS__STABLE_AFTER_SECONDS"] = "4",
            ["ACTORCLUSTER__TIMERS__DRAIN_SECONDS"] = "10",
        };
    }

    /// <summary>The scenario's folder.</summary>
    public string Root { get; } = Directory.CreateTempSubdirectory("actorcluster-cluster-").FullName;

    /// <summary>The data folder that all nodes share.</summary>
    public DataDirectory Data => new(Path.Combine(Root, "data"));

    /// <summary>The nodes that run, in the order of their start.</summary>
    public IEnumerable<ClusterNodeProcess> Nodes => _nodes.Where(n => !n.HasExited);

    /// <summary>The state of all nodes; null until it is started.</summary>
    public PostgresServer? Postgres { get; private set; }

    /// <summary>How many units of work are stored: chunks and audio tracks.</summary>
    public int StoredUnits => FilesOf(Data.Features, "*.safetensors").Count;

    /// <summary>What is set in the environment of nodes that are started from now on.</summary>
    public IDictionary<string, string> Environment => _environment;

    /// <summary>Says that a node is not on the loopback interface; before any node is started.</summary>
    /// <param name="name">The node.</param>
    /// <param name="host">Its address.</param>
    /// <param name="within">A program, with its arguments, that becomes the node; none for the node itself.</param>
    public void Place(string name, string host, params string[] within) => _places[name] = (host, within);

    /// <summary>Starts PostgreSQL with an empty database.</summary>
    /// <param name="durable">Whether it writes through to the disk: for scenarios that kill it.</param>
    /// <param name="bySocket">Whether it is reached through a file, whatever network a node is in.</param>
    public async Task StartPostgresAsync(bool durable = false, bool bySocket = false)
    {
        Postgres = await PostgresServer.StartAsync(durable);
        _environment["ACTORCLUSTER__STATE"] = await Postgres.CreateDatabaseAsync(bySocket);
    }

    /// <summary>Waits until so much time has passed: for scenarios whose matter is time.</summary>
    public Task UntilPassedAsync(TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        return UntilAsync(() => clock.Elapsed >= time, $"{time.TotalSeconds:0} s have passed");
    }

    /// <summary>Waits until a node sees so many members in its cluster, reachable or not.</summary>
    public static async Task UntilMembersAsync(ClusterNodeProcess node, int members)
    {
        using var client = new HttpClient();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        int seen;
        do
        {
            Assert.True(await timer.WaitForNextTickAsync(deadline.Token));
            using var answer = await client.GetAsync(new Uri($"http://{node.Operator}/readyz"), deadline.Token);
            using var ready = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(deadline.Token));
            seen = ready.RootElement.GetProperty("node").GetProperty("members").GetInt32();
        }
        while (seen != members);
    }

    /// <summary>Starts a node and waits until it is up. A name that has been used before comes back at its address.</summary>
    /// <param name="name">What the scenario calls it.</param>
    /// <param name="roles">Its roles.</param>
    /// <param name="slots">Its slots.</param>
    public async Task<ClusterNodeProcess> StartNodeAsync(string name, string roles = AllRoles, int slots = 2)
    {
        var node = StartNode(name, roles, slots);
        await node.UpAsync();
        return node;
    }

    /// <summary>Starts nodes that have ended, as a supervisor does, until the run has ended.</summary>
    /// <returns>The exit codes of those that have ended meanwhile.</returns>
    public async Task<IReadOnlyList<int>> SuperviseAsync(params string[] names)
    {
        var known = _nodes.Count(n => n.HasExited);
        while (true)
        {
            await UntilAsync(() => HasEnded || names.Except(Nodes.Select(n => n.Name)).Any(), "the run has ended, or a node has");
            if (HasEnded)
            {
                return [.. _nodes.Where(n => n.HasExited).Skip(known).Select(n => n.ExitCode)];
            }

            StartNode(names.Except(Nodes.Select(n => n.Name)).First(), AllRoles, slots: 2);
        }
    }

    /// <summary>SIGKILL: it is gone at once.</summary>
    public static async Task Kill9Async(ClusterNodeProcess node)
    {
        node.Send(Signals.Kill);
        await node.EndAsync();
    }

    /// <summary>SIGSTOP: it keeps everything and does nothing.</summary>
    public static void Freeze(ClusterNodeProcess node) => node.Send(Signals.Stop);

    /// <summary>SIGCONT: it goes on as if nothing had been.</summary>
    public static void Thaw(ClusterNodeProcess node) => node.Send(Signals.Continue);

    /// <summary>SIGTERM: it drains and leaves; gives its exit code.</summary>
    public static async Task<int> TerminateAsync(ClusterNodeProcess node)
    {
        node.Send(Signals.Terminate);
        return await node.EndAsync();
    }

    /// <summary>SIGKILL to all nodes.</summary>
    public async Task KillAllAsync()
    {
        var nodes = Nodes.ToList();
        nodes.ForEach(n => n.Send(Signals.Kill));
        foreach (var node in nodes)
        {
            await node.EndAsync();
        }
    }

    /// <summary>Submits the workload as a user would.</summary>
    /// <param name="slowly">With the slow pipeline.</param>
    /// <param name="videos">Other videos.</param>
    public async Task SubmitAsync(bool slowly = false, string? videos = null) => (await ActorClusterProcess.RunAsync(
        ["run", "submit", videos ?? _work.Videos, "--run", Workload.Run, "--pipeline", slowly ? _work.SlowPipeline : _work.Pipeline, .. Operators()])).Expect(0);

    /// <summary>Waits until so many units of work are stored.</summary>
    public Task UntilStoredAsync(int units) => UntilAsync(() => StoredUnits >= units, $"{units} of {_work.Units} units are stored");

    /// <summary>Waits for something.</summary>
    public Task UntilAsync(Func<bool> condition, string what) => Eventually.HoldsAsync(condition, () => $"{what}; {StoredUnits} of {_work.Units} units are stored\n{Logs}");

    /// <summary>Watches the run, as a user would, until it has ended; a watcher that loses all its nodes is started again with those that run now.</summary>
    public async Task WaitForEndAsync(TimeSpan deadline)
    {
        var end = DateTime.UtcNow + deadline;
        ProcessResult? last = null;
        while (DateTime.UtcNow < end)
        {
            using var watcher = ActorClusterProcess.Start(["run", "watch", Workload.Run, .. Operators()]);
            await Eventually.HoldsAsync(() => watcher.HasExited || DateTime.UtcNow >= end, () => "");
            if (watcher.HasExited && (last = await watcher.EndAsync()).ExitCode is 0 or 3)
            {
                return;
            }
        }

        Assert.Fail($"The run has not ended within {deadline.TotalSeconds:0} s; {StoredUnits} of {_work.Units} units are stored.\n{last}\n{Logs}");
    }

    /// <summary>What has happened to the videos of which a unit of work was started more than once, as an operator is told.</summary>
    public async Task<string> HistoriesAsync()
    {
        var node = Nodes.First(n => n.IsUp).Operator;
        var videos = (await ActorClusterProcess.RunAsync(["pbm", node, "video", "list", Workload.Run, "-take", "500", "-json"])).Expect(0).Output;
        var again = videos.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(line)!)
            .Where(video => video.TryGetValue("attempts", out var attempts) && attempts.GetInt64() > 1).Select(video => video["video"].GetString()!);
        var histories = new List<string>();
        foreach (var video in again)
        {
            histories.Add($"--- video {video}\n{(await ActorClusterProcess.RunAsync(["pbm", node, "video", "show", Workload.Run, video])).Output}");
        }

        return string.Join('\n', histories);
    }

    /// <summary>Whether the run has left its summary, which it does at its end.</summary>
    public bool HasEnded => File.Exists(Data.Run(Workload.Run).Summary);

    /// <summary>What the run has left behind.</summary>
    public ClusterOutputs Outputs() => ClusterOutputs.Of(Data.Run(Workload.Run));

    /// <summary>Stops every node in order, and fails unless nothing is left of processes and temporary files.</summary>
    public async Task AssertNothingLeftAsync()
    {
        foreach (var node in Nodes.ToList())
        {
            Assert.Equal(0, await TerminateAsync(node));
        }

        var found = ProcessTable.WithArgument(Root);
        await Eventually.HoldsAsync(() => (found = [.. ProcessTable.WithArgument(Root), .. ProcessTable.WithArgument(_work.Videos)]).Count == 0, () => $"no process of ours is left, but: {string.Join(", ", found)}");
        Assert.Empty(FilesOf(Data.Root, "*.tmp"));
    }

    /// <summary>Puts the data folder on a small file system of its own, before any node is started.</summary>
    public async Task MountDataAsync(string size)
    {
        Directory.CreateDirectory(Data.Root);
        await Tool.RunAsync("mount", "-t", "tmpfs", "-o", $"size={size}", "none", Data.Root);
        _isMounted = true;
    }

    public async ValueTask DisposeAsync()
    {
        _nodes.ForEach(n => n.Dispose());
        if (Postgres is not null)
        {
            await Postgres.DisposeAsync();
        }

        // ffmpeg follows its node a moment later, and may have a file open until then.
        await Eventually.HoldsAsync(() => Media().Count == 0, () => "ffmpeg has ended");
        if (_isMounted)
        {
            await Tool.RunAsync("umount", Data.Root);
        }

        Directory.Delete(Root, recursive: true);
    }

    private ClusterNodeProcess StartNode(string name, string roles, int slots)
    {
        var generation = _generations[name] = _generations.GetValueOrDefault(name) + 1;
        var (host, within) = PlaceOf(name);
        string[] arguments =
        [
            "--hostname", host, "--port", $"{PortOf(name)}", .. _seeds.SelectMany(seed => new[] { "--seed", $"{PlaceOf(seed).Host}:{PortOf(seed)}" }),
            "--roles", roles, "--slots", $"{slots}", "--data", Data.Root, "--operator-port", "0",
        ];
        var node = ClusterNodeProcess.Start(name, Path.Combine(Root, "nodes", name), generation, within, arguments, _environment);
        lock (_nodes)
        {
            _nodes.Add(node);
        }

        return node;
    }

    private static List<string> FilesOf(string folder, string pattern)
    {
        // Temporaries come and go meanwhile.
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 };
        return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, pattern, options)] : [];
    }

    /// <summary>ffmpeg and ffprobe that work on the workload's videos.</summary>
    private List<(int Pid, string Program)> Media() => [.. ProcessTable.WithArgument(_work.Videos).Concat(ProcessTable.WithArgument(Root)).Where(p => p.Program is "ffmpeg" or "ffprobe")];

    /// <summary>The last that each node has said.</summary>
    public string Logs => string.Join("\n", _nodes.Select(n => $"--- node {n.Name}{(n.HasExited ? $", exit code {n.ExitCode}" : "")}\n{Tail(n.Log)}"));

    private static string Tail(string text) => text.Length <= 4000 ? text : text[^4000..];

    private IEnumerable<string> Operators() => Nodes.Where(n => n.IsUp).SelectMany(n => new[] { "--node", n.Operator });

    private (string Host, string[] Within) PlaceOf(string name) => _places.TryGetValue(name, out var place) ? place : ("127.0.0.1", []);

    private int PortOf(string name)
    {
        if (!_ports.TryGetValue(name, out var port))
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            _ports[name] = port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        return port;
    }
}
