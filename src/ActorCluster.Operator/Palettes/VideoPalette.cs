using System.Collections.Immutable;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Videos;

namespace ActorCluster.Operator.Palettes;

/// <summary>The palette <c>video</c>.</summary>
/// <param name="runs">The cluster.</param>
public sealed class VideoPalette(IRunService runs) : ICommandHandler
{
    private const int UsualRows = 50;
    private const int ListedHappenings = 200;
    private static readonly CommandArgument Id = new("video", "The video's id, as 'video list' shows it.", ArgumentKind.Text) { IsMandatory = true, IsPositional = true };

    /// <inheritdoc/>
    public CommandPalette Palette { get; } = new(
        "video",
        "Look at the videos of runs, one by one.",
        [
            new(
                "list",
                "List videos of a run, in its manifest's order.",
                [
                    CommonArguments.Run,
                    new("state", "Only those in this state.", ArgumentKind.Choice) { Values = [.. Enum.GetNames<RunVideoState>().Select(n => n.ToLowerInvariant())] },
                    new("cause", "Only quarantined ones whose cause or stage has this text.", ArgumentKind.Text),
                    new("slowest", "Those that took longest first.", ArgumentKind.Flag),
                    CommonArguments.Skip,
                    CommonArguments.Take(UsualRows, VideoQuery.MostRows),
                ]),
            new("show", "Show what has happened to a video: its timeline, its chunks with attempts, nodes and times, and ffmpeg's last lines.", [CommonArguments.Run, Id]),
            new CommandDefinition("retry", "Try a quarantined video again, as if nothing had happened to it.", [CommonArguments.Run, Id]) { Changes = true },
            new CommandDefinition(
                "quarantine", "Quarantine a video that has not ended.", [CommonArguments.Run, Id, new("cause", "Why, for the record.", ArgumentKind.Text) { IsMandatory = true }])
            { Changes = true },
        ]);

    /// <inheritdoc/>
    public IAsyncEnumerable<CommandAnswer> RunAsync(CommandCall call, CancellationToken cancellation) => call.Command.Name switch
    {
        "list" => ListAsync(call),
        "show" => ShowAsync(call.Needed("run"), call.Needed("video")),
        "retry" => RunPalette.RetryAsync(runs, call.Needed("run"), cause: null, call.Needed("video")),
        "quarantine" => RunPalette.DoneAsync(
            () => runs.QuarantineAsync(call.Needed("run"), call.Needed("video"), call.Needed("cause")), $"Video {call.Needed("video")} of run {call.Needed("run")} is quarantined."),
        _ => throw new ArgumentException($"The palette has no command {call.Command.Name}.", nameof(call)),
    };

    private async IAsyncEnumerable<CommandAnswer> ListAsync(CommandCall call)
    {
        var state = call.Text("state") is { } text ? Enum.Parse<RunVideoState>(text, ignoreCase: true) : (RunVideoState?)null;
        var (skip, take) = ((int)call.Number("skip")!.Value, (int)call.Number("take")!.Value);
        var query = new VideoQuery(call.Needed("run"), state, call.Text("cause"), Skip: skip, Take: take);
        var page = await RunRefusal.PassOnAsync(() => runs.VideosAsync(call.Has("slowest") ? query with { Sort = VideoSort.WallSeconds, Descending = true } : query));
        foreach (var row in page.Rows)
        {
            yield return new CommandAnswer.Row(Facts(row));
        }

        if (page.Rows.IsEmpty || page.Rows.Length < page.Matches)
        {
            var more = skip + page.Rows.Length < page.Matches ? $"; -skip {skip + page.Rows.Length} shows the next" : "";
            yield return new CommandAnswer.Line($"{page.Rows.Length} of {page.Matches} such videos{more}.");
        }
    }

    private async IAsyncEnumerable<CommandAnswer> ShowAsync(string run, string video)
    {
        var detail = await RunRefusal.PassOnAsync(() => runs.VideoAsync(run, video));
        yield return new CommandAnswer.Item(
        [
            .. Facts(detail.Row),
            new("uri", detail.Uri),
            new("revision", (long)detail.Revision),
            new("content_hash", detail.ContentHash.Length > 0 ? detail.ContentHash : null),
            new("warnings", detail.Warnings.ToArray()),
            new("files", detail.Files.ToArray()),
            new("tool_output", detail.ToolOutput.ToArray()),
        ]);
        if (detail.Timeline.Length > ListedHappenings)
        {
            yield return new CommandAnswer.Line($"{detail.Timeline.Length - ListedHappenings} earlier happenings are left out.");
        }

        foreach (var happening in detail.Timeline.TakeLast(ListedHappenings))
        {
            yield return new CommandAnswer.Line($"{new DateTime(happening.At, DateTimeKind.Utc):HH:mm:ss.f}  {happening.What}{(happening.Node.Length > 0 ? $", on {happening.Node}" : "")}");
        }

        foreach (var unit in detail.Units)
        {
            yield return new CommandAnswer.Row(Facts(unit));
        }
    }

    private static ImmutableArray<AnswerField> Facts(VideoRow row) =>
    [
        new("index", (long)row.Index),
        new("video", row.Id),
        new("state", row.State.ToString().ToLowerInvariant()),
        new("stage", row.Stage.Length > 0 ? row.Stage : null),
        new("cause", row.Cause.Length > 0 ? row.Cause : null),
        new("frames_done", (long)row.FramesDone),
        new("frames", (long)row.Frames),
        new("seconds", Math.Round(row.Seconds, 3)),
        new("wall_seconds", Math.Round(row.WallSeconds, 3)),
        new("attempts", (long)row.Attempts),
    ];

    private static ImmutableArray<AnswerField> Facts(VideoUnit unit)
    {
        var last = unit.Tries.IsEmpty ? null : unit.Tries[^1];
        return
        [
            new("unit", unit.Name),
            new("unit_state", unit.State),
            new("attempts", (long)unit.Attempts),
            new("nodes", unit.Tries.Select(t => t.Node).Distinct(StringComparer.Ordinal).ToArray()),
            new("seconds", last is null ? null : Math.Round(last.Seconds, 3)),
            new("cause", unit.Tries.LastOrDefault(t => t.Cause.Length > 0)?.Cause),
        ];
    }
}
