using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ActorCluster.Processing.Control;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Runs;
using ActorCluster.Storage;

namespace ActorCluster.Operator.Palettes;

/// <summary>The palette <c>run</c>.</summary>
/// <param name="runs">The runs.</param>
/// <param name="control">The nodes that work for them.</param>
/// <param name="data">The data folder, for telling where a run's files are.</param>
public sealed partial class RunPalette(IRunService runs, IClusterControl control, DataDirectory data) : ICommandHandler
{
    private const int ListedVideos = 20;

    /// <inheritdoc/>
    public IAsyncEnumerable<CommandAnswer> RunAsync(CommandCall call, CancellationToken cancellation) => call.Command.Name switch
    {
        "submit" => SubmitAsync(call, cancellation),
        "list" => ListAsync(),
        "show" => ShowAsync(call.Needed("run")),
        "watch" => WatchAsync(call.Needed("run"), isSubmitted: false, cancellation),
        "explain" => ExplainCommand.RunAsync(call, runs, control, cancellation),
        "pause" => DoneAsync(() => runs.PauseAsync(call.Needed("run")), $"Run {call.Needed("run")} starts nothing new; what is in flight finishes. 'run resume {call.Needed("run")}' goes on."),
        "resume" => DoneAsync(() => runs.ResumeAsync(call.Needed("run")), $"Run {call.Needed("run")} goes on."),
        "cancel" => CancelAsync(call.Needed("run")),
        "priority" => DoneAsync(
            () => runs.SetPriorityAsync(call.Needed("run"), (int)call.Number("priority")!.Value), $"Run {call.Needed("run")} has priority {call.Number("priority")}."),
        "retry" => RetryAsync(runs, call.Needed("run"), call.Text("cause"), call.Text("video")),
        "extend" => ExtendAsync(call),
        "report" => ReportAsync(call.Needed("run")),
        "export" => ExportAsync(call.Needed("run"), cancellation),
        "delete" => DoneAsync(() => runs.DeleteAsync(call.Needed("run")), $"Run {call.Needed("run")} is removed; its features are still in the store."),
        _ => throw new ArgumentException($"The palette has no command {call.Command.Name}.", nameof(call)),
    };

    internal static async IAsyncEnumerable<CommandAnswer> RetryAsync(IRunService runs, string run, string? cause, string? video)
    {
        var retried = await RunRefusal.PassOnAsync(() => runs.RetryAsync(run, cause, video));
        yield return new CommandAnswer.Line($"{Videos(retried)} of run {run} {(retried == 1 ? "is" : "are")} tried again.");
    }

    internal static async IAsyncEnumerable<CommandAnswer> DoneAsync(Func<Task> command, string what)
    {
        await RunRefusal.PassOnAsync(async () =>
        {
            await command();
            return true;
        });
        yield return new CommandAnswer.Line(what);
    }

    internal static string? Time(long ticks) => ticks == 0 ? null : new DateTime(ticks, DateTimeKind.Utc).ToString("yyyy-MM-ddTHH:mm:ssZ", null);

    private static string Videos(int count) => count == 1 ? "1 video" : $"{count} videos";

    private static string Words(RunPhase phase) => phase.ToString().ToLowerInvariant();

    private async IAsyncEnumerable<CommandAnswer> SubmitAsync(CommandCall call, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var format = call.Needed("format");
        var request = new RunRequest(call.Many("inputs"), call.Needed("pipeline"), call.Text("run"), format is "csv" or "both", format is "parquet" or "both");
        var frozen = await RunRefusal.PassOnAsync(() => runs.SubmitAsync(request));
        foreach (var answer in Frozen(frozen))
        {
            yield return answer;
        }

        if (!call.Has("watch"))
        {
            yield return new CommandAnswer.Line($"To watch it: run watch {frozen.Run}");
            yield break;
        }

        await foreach (var answer in WatchAsync(frozen.Run, isSubmitted: true, cancellation))
        {
            yield return answer;
        }
    }

    private async IAsyncEnumerable<CommandAnswer> ExtendAsync(CommandCall call)
    {
        foreach (var answer in Frozen(await RunRefusal.PassOnAsync(() => runs.ExtendAsync(call.Needed("run"), call.Many("inputs")))))
        {
            yield return answer;
        }
    }

    private async IAsyncEnumerable<CommandAnswer> ListAsync()
    {
        foreach (var run in await runs.RunsAsync())
        {
            var known = run.StartedAt != 0;
            yield return new CommandAnswer.Row(
            [
                new("run", run.Name),
                new("phase", Words(run.Phase)),
                new("videos", (long)run.Videos),
                new("completed", known ? (long)run.Completed : null),
                new("quarantined", known ? (long)run.Quarantined : null),
                new("cancelled", known ? (long)run.Cancelled : null),
                new("priority", (long)run.Priority),
                new("pipeline", run.Pipeline),
                new("started", Time(run.StartedAt)),
                new("ended", Time(run.EndedAt)),
            ]);
        }
    }

    private async IAsyncEnumerable<CommandAnswer> ShowAsync(string run)
    {
        var progress = await FindAsync(run);
        yield return new CommandAnswer.Item(Facts(progress));
        foreach (var video in progress.InFlight.Take(ListedVideos))
        {
            yield return new CommandAnswer.Row(
            [
                new("video", video.Id),
                new("stage", video.Stage),
                new("frames_done", (long)video.FramesDone),
                new("frames", (long)video.Frames),
                new("seconds", video.Seconds),
                new("since", Time(video.Since)),
            ]);
        }
    }

    private async IAsyncEnumerable<CommandAnswer> CancelAsync(string run)
    {
        var given = await RunRefusal.PassOnAsync(() => runs.CancelAsync(run));
        yield return new CommandAnswer.Line($"Run {run} is cancelled; {Videos(given)} given up. Its report is being written: {data.Run(run).Report}");
    }

    private async IAsyncEnumerable<CommandAnswer> ReportAsync(string run)
    {
        foreach (var file in await RunRefusal.PassOnAsync(() => runs.WriteReportAsync(run)))
        {
            yield return new CommandAnswer.Line(file);
        }
    }

    private async IAsyncEnumerable<CommandAnswer> ExportAsync(string run, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var export = await RunRefusal.PassOnAsync(() => runs.ExportAsync(run, cancellation));
        yield return new CommandAnswer.Item([new("file", export.File), new("videos", (long)export.Videos), new("rows", export.Rows)]);
    }

    private static IEnumerable<CommandAnswer> Frozen(RunFrozen frozen)
    {
        yield return new CommandAnswer.Item(
        [
            new("run", frozen.Run),
            new("pipeline", frozen.Pipeline),
            new("videos", (long)frozen.Videos),
            new("known", (long)frozen.Known),
            new("added", (long)frozen.Added),
            new("changed", (long)frozen.Changed),
        ]);
        foreach (var problem in frozen.Problems)
        {
            yield return new CommandAnswer.Line($"Not read: {problem}");
        }
    }

    private static ImmutableArray<AnswerField> Facts(RunQueries.RunProgress progress) =>
    [
        new("run", progress.Run),
        new("phase", Words(progress.Phase)),
        new("why", progress.PausedReason.Length > 0 ? progress.PausedReason : null),
        new("trouble", progress.Trouble.Length > 0 ? progress.Trouble : null),
        new("pipeline", progress.Pipeline),
        new("priority", (long)progress.Priority),
        new("videos", (long)progress.Registered),
        new("completed", (long)progress.Completed),
        new("quarantined", (long)progress.Quarantined),
        new("cancelled", (long)progress.Cancelled),
        new("in_flight", (long)progress.InFlight.Length),
        new("frames", progress.Frames),
        new("video_seconds", progress.VideoSeconds),
        new("started", Time(progress.StartedAt)),
        new("ended", Time(progress.EndedAt)),
    ];
}
