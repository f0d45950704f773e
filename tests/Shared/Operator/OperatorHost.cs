using ActorCluster.Operator;
using ActorCluster.Operator.Palettes;
using ActorCluster.Processing.Runs;
using ActorCluster.Storage;

namespace ActorCluster.Tests;

/// <summary>A real endpoint over <see cref="HandWrittenRuns"/>, with a data folder of its own.</summary>
internal sealed class OperatorHost : IAsyncDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("actorcluster-operator-").FullName;

    private OperatorHost(HandWrittenRuns runs)
    {
        Runs = runs;
        Data = new DataDirectory(_root);
        Data.Create();
    }

    public HandWrittenRuns Runs { get; }

    public DataDirectory Data { get; }

    public OperatorEndpoint Endpoint { get; private set; } = null!;

    public Uri Address => Endpoint.Address;

    /// <summary>As <c>--node</c> takes it.</summary>
    public string Node => Address.Authority;

    public static async Task<OperatorHost> StartAsync(OperatorSettings? settings = null, HandWrittenRuns? runs = null, bool joined = true, params ICommandHandler[] handlers)
    {
        var host = new OperatorHost(runs ?? new HandWrittenRuns());
        var commands = new CommandRunner(new PaletteRegistry(handlers.Length > 0 ? handlers : [new RunPalette(host.Runs, new NoNodes(), host.Data)]), host.Runs);
        host.Endpoint = await OperatorEndpoint.StartAsync(settings ?? new OperatorSettings { Port = 0 }, host.Data, () => joined ? host.Runs : null, () => joined ? commands : null);
        return host;
    }

    /// <summary>Lets a run end: its summary is written and its end recorded.</summary>
    public void End(string run, int completed, int quarantined = 0)
    {
        var progress = HandWrittenRuns.Progress(run, completed + quarantined, completed, quarantined);
        var videos = Enumerable.Range(0, completed + quarantined).Select(i => new VideoSummary(
            $"video-{i}", $"/videos/{i}.mp4", i < completed ? Storage.VideoStatus.Completed : Storage.VideoStatus.Quarantined, 100, 10, 1, LabelCounts.Zero, [], null, new ChunkCounts(1, 1, 0), 1,
            i < completed ? null : new VideoFault("probe", "The file is empty.", 1, [])));
        var summary = new RunSummary(
            run, "lite", "hash", "hash", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, RunState.Completed, null,
            new RunCounts(progress.Registered, completed, quarantined, 0), progress.Frames, progress.VideoSeconds, new ChunkCounts(2, 2, 0), 1, 1, null, LabelCounts.Zero, [.. videos]);
        var folder = Data.Run(run);
        Directory.CreateDirectory(folder.Root);
        AtomicFile.Write(folder.Summary, stream => RunSummaryJson.Write(stream, summary));
        Runs.Ended[run] = true;
        Runs.Runs[run] = progress;
    }

    public async ValueTask DisposeAsync()
    {
        await Endpoint.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }
}
