using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using ActorCluster.Processing.Serialization;
using ActorCluster.Processing.Videos;
using ActorCluster.Storage;
using ActorCluster.Tests.Shared;
using Npgsql;

namespace ActorCluster.Benchmarks;

/// <summary>Node processes on the loopback interface over a real PostgreSQL, with the timers that nodes have by default.</summary>
internal sealed partial class BenchmarkCluster : IAsyncDisposable
{
    public const string AllRoles = "coordinator,worker,gpu";
    private const int SignalKill = 9;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    private static readonly WireModel Events = new([typeof(VideoEvents.ChunkStarted)]);

    private readonly WorkFolder _folder;
    private readonly PostgresServer _postgres;
    private readonly string _state;
    private readonly int[] _ports = [.. Enumerable.Range(0, 8).Select(_ => FreePort())];
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };
    private readonly int _seeds;

    private BenchmarkCluster(WorkFolder folder, PostgresServer postgres, string state, int seeds) => (_folder, _postgres, _state, _seeds) = (folder, postgres, state, seeds);

    /// <summary>The nodes that run.</summary>
    public List<Node> Nodes { get; } = [];

    /// <summary>The data folder that they share.</summary>
    public DataDirectory Data { get; private set; } = null!;

    /// <summary>Starts PostgreSQL, without writing through to the disk.</summary>
    /// <param name="folder">Where everything is.</param>
    /// <param name="seeds">How many of the first nodes others join at.</param>
    public static async Task<BenchmarkCluster> StartAsync(WorkFolder folder, int seeds)
    {
        var postgres = await PostgresServer.StartAsync();
        return new BenchmarkCluster(folder, postgres, await postgres.CreateDatabaseAsync(), seeds) { Data = new DataDirectory(folder.NewFolder("data")) };
    }

    /// <summary>Starts a node and waits until it is up.</summary>
    /// <param name="number">Which, from 0; at the address that it always has.</param>
    /// <param name="roles">Its roles.</param>
    /// <param name="slots">Its slots.</param>
    /// <param name="decodeSlots">Units that it decodes at a time for other nodes.</param>
    /// <param name="core">The one processor core that it and its ffmpeg may use; null for all.</param>
    public async Task<Node> StartNodeAsync(int number, string roles = AllRoles, int slots = 4, int decodeSlots = 0, int? core = null)
    {
        var up = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var log = _folder.File($"node-{number}-{Guid.NewGuid():N}.log");
        var environment = new Dictionary<string, string> { ["ACTORCLUSTER__STATE"] = _state, ["DOTNET_ROOT"] = DotnetRoot };
        var process = LivingProcess.Start(
            "setpriv",
            [
                "--pdeathsig", "KILL", "--", .. core is null ? (string[])[] : ["taskset", "--cpu-list", $"{core}"], Repository.Executable, "node", "--hostname", "127.0.0.1", "--port", $"{_ports[number]}",
                .. _ports[.._seeds].SelectMany(port => new[] { "--seed", $"127.0.0.1:{port}" }),
                "--roles", roles, "--slots", $"{slots}", "--decode-slots", $"{decodeSlots}", "--data", Data.Root, "--operator-port", "0",
            ],
            line =>
            {
                File.AppendAllText(log, line + "\n");
                if (UpLine().Match(line) is { Success: true } match)
                {
                    up.TrySetResult(match.Groups["operator"].Value);
                }
            },
            environment: environment);
        _ = process.WaitForExitAsync().ContinueWith(
            _ => up.TrySetException(new InvalidOperationException($"Node {number} has ended:\n{(File.Exists(log) ? File.ReadAllText(log) : "")}")), TaskScheduler.Default);
        var node = new Node(number, process, await up.Task.WaitAsync(Deadline));
        Nodes.Add(node);
        return node;
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync(Node node)
    {
        _ = SendSignal(node.Process.Id, SignalKill);
        await node.Process.WaitForExitAsync();
        Nodes.Remove(node);
    }

    /// <summary>Submits a run as a user does.</summary>
    public async Task SubmitAsync(string run, string inputs, string pipeline)
    {
        var info = new ProcessStartInfo(Repository.Executable, ["run", "submit", inputs, "--run", run, "--pipeline", pipeline, .. Nodes.SelectMany(n => new[] { "--node", n.Operator })])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["DOTNET_ROOT"] = DotnetRoot;
        using var submit = Process.Start(info)!;
        var (output, error) = (submit.StandardOutput.ReadToEndAsync(), submit.StandardError.ReadToEndAsync());
        await submit.WaitForExitAsync();
        if (submit.ExitCode != 0)
        {
            throw new InvalidOperationException($"The submission failed:\n{await output}\n{await error}");
        }
    }

    /// <summary>How many videos a run has, or 0 while it does not answer.</summary>
    public async Task<int> RegisteredAsync(string run)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri($"http://{Nodes[0].Operator}/v1/runs/{run}"));
            using var progress = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            return progress.RootElement.TryGetProperty("registered", out var registered) ? registered.GetInt32() : 0;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or JsonException)
        {
            return 0;
        }
    }

    /// <summary>Units that a process died with and that were started again, which is known by their being alone, and when.</summary>
    public async Task<List<(string Video, int Unit, DateTime At)>> SuspectsStartedAsync()
    {
        await using var connection = new NpgsqlConnection(_state);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT persistence_id, message FROM journal WHERE manifest = 've2'", connection);
        await using var reader = await command.ExecuteReaderAsync();
        List<(string, int, DateTime)> started = [];
        while (await reader.ReadAsync())
        {
            var e = (VideoEvents.ChunkStarted)Events.Read((byte[])reader[1], typeof(VideoEvents.ChunkStarted));
            if (e.Alone)
            {
                started.Add((reader.GetString(0), e.Unit, new DateTime(e.At, DateTimeKind.Utc)));
            }
        }

        return started;
    }

    /// <summary>How many members the youngest node sees in its cluster.</summary>
    public async Task<int> MembersAsync()
    {
        using var answer = await _http.GetAsync(new Uri($"http://{Nodes[^1].Operator}/readyz"));
        using var ready = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return ready.RootElement.GetProperty("node").GetProperty("members").GetInt32();
    }

    /// <summary>The chunks that are stored: video, number and when, in order of time.</summary>
    public List<(string Video, int Chunk, DateTime At)> Stored() =>
        Directory.Exists(Data.Features)
            ? [.. new DirectoryInfo(Data.Features).EnumerateFiles("*.safetensors", SearchOption.AllDirectories)
                .Where(f => char.IsAsciiDigit(f.Name[0]))
                .Select(f => (f.Directory!.Name, int.Parse(Path.GetFileNameWithoutExtension(f.Name), CultureInfo.InvariantCulture), f.LastWriteTimeUtc))
                .OrderBy(c => c.LastWriteTimeUtc)]
            : [];

    /// <summary>Waits until so many chunks are stored.</summary>
    public Task UntilStoredAsync(int chunks) => UntilAsync(() => Task.FromResult(Stored().Count >= chunks), $"{chunks} chunks are stored");

    /// <summary>Waits for a condition.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        using var timer = new PeriodicTimer(Look);
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            if (clock.Elapsed > Deadline)
            {
                throw new TimeoutException($"Not within {Deadline.TotalMinutes:0} min: {what}");
            }

            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Lets some time pass.</summary>
    public static Task PassAsync(TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        return UntilAsync(() => Task.FromResult(clock.Elapsed >= time), "time passes");
    }

    /// <summary>CPU seconds of the nodes that run (man 5 proc: utime and stime in hundredths).</summary>
    public double CpuSeconds() => Nodes.Sum(n => ProcFile.Stat(n.Process.Id) is var stat ? (long.Parse(stat[11], CultureInfo.InvariantCulture) + long.Parse(stat[12], CultureInfo.InvariantCulture)) / 100.0 : 0);

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes.ToList())
        {
            await KillAsync(node);
        }

        _http.Dispose();
        await _postgres.DisposeAsync();
    }

    private static string DotnetRoot { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int pid, int signal);

    [GeneratedRegex("^node .* is up: .*operator http://(?<operator>[^/ ]+)")]
    private static partial Regex UpLine();

    /// <summary>A node's process, and where it is operated.</summary>
    internal sealed record Node(int Number, Process Process, string Operator);
}
