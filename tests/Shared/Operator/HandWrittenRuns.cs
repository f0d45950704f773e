using System.Collections.Concurrent;
using System.Collections.Immutable;
using ActorCluster.Processing.Audit;
using ActorCluster.Processing.Control;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Runs;
using ActorCluster.Storage;

namespace ActorCluster.Tests;

/// <summary>A cluster as a test wants it: says what it is told to say, and remembers what it was asked.</summary>
internal sealed class HandWrittenRuns : IRunService
{
    public NodeState State { get; set; } = new("127.0.0.1:4053#0000002a", "127.0.0.1:4053", IsUp: true, Members: 1, Unreachable: 0, StoreReachable: true);

    public IClusterControl Control { get; set; } = new HandWrittenNodes();

    /// <summary>What is told of a video's file at registration; of others, what is there now.</summary>
    public ConcurrentDictionary<string, (long Length, long Modified)> Stamps { get; } = new();

    public RunTotals Totals { get; set; } = new([0, 0, 0, 0, 0, 0, 0, 0], 0, 0, 0, []);

    /// <summary>All that has happened to every run.</summary>
    public ConcurrentQueue<RunHappening> Happened { get; } = new();

    /// <summary>The runs with how far they are, the newest first.</summary>
    public ConcurrentDictionary<string, RunQueries.RunProgress> Runs { get; } = new();

    /// <summary>Names of runs whose end is recorded.</summary>
    public ConcurrentDictionary<string, bool> Ended { get; } = new();

    public ConcurrentQueue<RunRequest> Submitted { get; } = new();

    public ConcurrentQueue<string> Resumed { get; } = new();

    /// <summary>What operators commanded, in words.</summary>
    public ConcurrentQueue<string> Commands { get; } = new();

    /// <summary>What was asked of the videos.</summary>
    public ConcurrentQueue<VideoQuery> Queries { get; } = new();

    /// <summary>The videos of every run.</summary>
    public List<VideoDetail> Videos { get; } = [];

    /// <summary>What becomes of an uploaded video.</summary>
    public Func<RunRequest, CancellationToken, Task<PredictionEnd>> Predicts { get; set; } = (_, _) => throw new InvalidOperationException("Nothing is to be predicted.");

    /// <summary>Runs of uploaded videos that were to be removed.</summary>
    public ConcurrentQueue<string> Discarded { get; } = new();

    /// <summary>What runs have completed, by their names.</summary>
    public ConcurrentDictionary<string, ImmutableArray<CompletedVideo>> Completed { get; } = new();

    /// <summary>The commands that were recorded.</summary>
    public ConcurrentQueue<string> Audited { get; } = new();

    /// <summary>Thrown by whatever is asked next, for as long as it is set.</summary>
    public Exception? Failure { get; set; }

    /// <summary>How often progress was asked for.</summary>
    public int Looks { get; private set; }

    public static RunQueries.RunProgress Progress(string run, int registered = 2, int completed = 0, int quarantined = 0, string paused = "") => new(
        run, registered, completed, quarantined, 0, completed * 100L, completed * 10, completed + quarantined == registered, paused, "",
        completed + quarantined == registered ? [] : [new RunQueries.VideoProgress(0, "first \u001b[31m", 40, 100, 10, "encoding")],
        completed + quarantined == registered ? RunPhase.Ended : paused.Length > 0 ? RunPhase.Paused : RunPhase.Running);

    public Task<RunFrozen> SubmitAsync(RunRequest request)
    {
        Fail();
        Submitted.Enqueue(request);
        var run = request.Run ?? "derived";
        Runs.TryAdd(run, Progress(run));
        return Task.FromResult(new RunFrozen(run, request.Pipeline, 2, 1, 1, 0, ["The folder '/red \u001b[31m' cannot be read."]));
    }

    public Task<ImmutableArray<RunListing>> RunsAsync()
    {
        Fail();
        return Task.FromResult(Runs.Values.Select(r => new RunListing(r.Run, "lite", r.Registered, Ended.ContainsKey(r.Run))).OrderBy(r => r.Name, StringComparer.Ordinal).ToImmutableArray());
    }

    public Task<RunQueries.RunProgress> ProgressAsync(string run)
    {
        Looks++;
        Fail();
        return Task.FromResult(Runs.GetValueOrDefault(run) ?? Progress(run, registered: 0) with { IsCompleted = false });
    }

    public Task PauseAsync(string run) => CommandAsync($"pause {run}");

    public Task ResumeAsync(string run)
    {
        Fail();
        Resumed.Enqueue(run);
        return Task.CompletedTask;
    }

    public Task<int> CancelAsync(string run) => CommandAsync($"cancel {run}");

    public Task SetPriorityAsync(string run, int priority) => CommandAsync($"priority {run} {priority}");

    public Task<int> RetryAsync(string run, string? cause = null, string? video = null) => CommandAsync($"retry {run} {cause ?? "-"} {video ?? "-"}");

    public Task QuarantineAsync(string run, string video, string cause) => CommandAsync($"quarantine {run} {video} {cause}");

    public async Task<RunFrozen> ExtendAsync(string run, ImmutableArray<string> inputs)
    {
        await CommandAsync($"extend {run} {string.Join(' ', inputs)}".TrimEnd());
        return new RunFrozen(run, "lite", 3, 2, 1, 0, []);
    }

    public async Task<ImmutableArray<string>> WriteReportAsync(string run)
    {
        await CommandAsync($"report {run}");
        return ["/data/runs/report.html", "/data/runs/summary.json"];
    }

    public async Task<RunExport> ExportAsync(string run, CancellationToken cancellation)
    {
        await CommandAsync($"export {run}");
        return new RunExport("/data/runs/export.parquet", 2, 300);
    }

    public Task DeleteAsync(string run) => CommandAsync($"delete {run}");

    public Task<VideoPage> VideosAsync(VideoQuery query)
    {
        Fail();
        Queries.Enqueue(query);
        return Task.FromResult(new VideoPage(Videos.Count, [.. Videos.Skip(query.Skip).Take(query.Take).Select(v => v.Row)]));
    }

    public Task<VideoDetail> VideoAsync(string run, string video)
    {
        Fail();
        return Task.FromResult(Videos.FirstOrDefault(v => v.Row.Id == video) ?? throw new RunRequestException($"There is no video '{video}'.", nearest: [.. Videos.Select(v => v.Row.Id)]));
    }

    public async Task<RegisteredVideo> RegisteredAsync(string run, string video)
    {
        var detail = await VideoAsync(run, video);
        var file = new FileInfo(detail.Uri);
        var (length, modified) = Stamps.GetValueOrDefault(video, file.Exists ? (file.Length, file.LastWriteTimeUtc.Ticks) : (-1, 0));
        return new RegisteredVideo(detail.Row, detail.Uri, length, modified);
    }

    public Task<RunTotals> TotalsAsync(string run)
    {
        Fail();
        return Task.FromResult(Totals);
    }

    public Task<RunHappenings> HappenedAsync(string run, long? after)
    {
        Fail();
        var all = Happened.ToArray();
        return Task.FromResult(after is { } known ? new RunHappenings(all.Length, 0, [.. all.Skip((int)known)]) : new RunHappenings(all.Length, 0, []));
    }

    public Task<ImmutableArray<CommandAudited>> AuditedAsync(int count)
    {
        Fail();
        return Task.FromResult(Audited.Reverse().Take(count).Select(a => new CommandAudited(1, a, "node", "palette", "command", "")).ToImmutableArray());
    }

    public Task AuditAsync(string who, string palette, string command, string arguments)
    {
        Fail();
        Audited.Enqueue($"{who}: {palette} {command} {arguments}");
        return Task.CompletedTask;
    }

    public async Task<PredictionEnd> PredictAsync(RunRequest request, CancellationToken cancellation)
    {
        Fail();
        return await Predicts(request, cancellation);
    }

    public async Task DiscardAsync(string run, CancellationToken cancellation)
    {
        await Task.Yield();
        Fail();
        Discarded.Enqueue(run);
    }

    public Task<ImmutableArray<CompletedVideo>> CompletedAsync(string run, CancellationToken cancellation)
    {
        Fail();
        return Task.FromResult(Completed[run]);
    }

    /// <summary>Lets a run end: its summary is written and its end recorded.</summary>
    public void End(DataDirectory data, string run, int completed, int quarantined = 0)
    {
        var progress = Progress(run, completed + quarantined, completed, quarantined);
        var videos = Enumerable.Range(0, completed + quarantined).Select(i => new VideoSummary(
            $"video-{i}", $"/videos/{i}.mp4", i < completed ? Storage.VideoStatus.Completed : Storage.VideoStatus.Quarantined, 100, 10, 1, LabelCounts.Zero, [], null, new ChunkCounts(1, 1, 0), 1,
            i < completed ? null : new VideoFault("probe", "The file is empty.", 1, [])));
        var summary = new RunSummary(
            run, "lite", "hash", "hash", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, RunState.Completed, null,
            new RunCounts(progress.Registered, completed, quarantined, 0), progress.Frames, progress.VideoSeconds, new ChunkCounts(2, 2, 0), 1, 1, null, LabelCounts.Zero, [.. videos]);
        var folder = data.Run(run);
        Directory.CreateDirectory(folder.Root);
        AtomicFile.Write(folder.Summary, stream => RunSummaryJson.Write(stream, summary));
        Ended[run] = true;
        Runs[run] = progress;
    }

    private async Task<int> CommandAsync(string command)
    {
        await Task.Yield();
        Fail();
        Commands.Enqueue(command);
        return 2;
    }

    private void Fail()
    {
        if (Failure is { } failure)
        {
            throw failure;
        }
    }
}
