using System.Collections.Immutable;
using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Videos;

namespace ActorCluster.Processing.Reporting;

/// <summary>Lists a run's videos: what is stored of them, and how far those in flight are.</summary>
internal static class VideoList
{
    /// <summary>Answers a question.</summary>
    /// <param name="view">What is stored.</param>
    /// <param name="inFlight">Videos being processed.</param>
    /// <param name="query">The question.</param>
    /// <param name="now">Now, in UTC ticks.</param>
    public static VideoPage Page(RunView view, IReadOnlyList<RunQueries.VideoProgress> inFlight, VideoQuery query, long now)
    {
        var flying = inFlight.ToDictionary(v => v.Index);
        var matches = Enumerable.Range(0, Math.Min(view.State.Statuses.Length, view.Manifest.Count)).Where(i => Matches(view, flying, i, query)).ToList();
        var page = Ordered(view, flying, matches, query, now).Skip(Math.Max(0, query.Skip)).Take(Math.Clamp(query.Take, 0, VideoQuery.MostRows));
        return new VideoPage(matches.Count, [.. page.Select(i => Row(view, flying.GetValueOrDefault(i), i, now))]);
    }

    /// <summary>Quarantined videos whose cause or stage has a text, whatever its case.</summary>
    public static ImmutableArray<int> Quarantined(RunView view, string cause) =>
        [.. Enumerable.Range(0, view.State.Statuses.Length).Where(i => IsQuarantinedFor(view, i, cause))];

    /// <summary>One video.</summary>
    /// <param name="view">What is stored.</param>
    /// <param name="flying">How far it is; null where it is not being processed.</param>
    /// <param name="index">The video.</param>
    /// <param name="now">Now, in UTC ticks.</param>
    public static VideoRow Row(RunView view, RunQueries.VideoProgress? flying, int index, long now)
    {
        var (outcome, state) = (view.OutcomeOf(index), StateOf(view, flying is not null, index));
        var live = state == RunVideoState.Processing ? flying : null;
        return new VideoRow(
            index,
            view.Manifest[index].Id,
            state,
            live?.Stage ?? outcome?.Stage ?? "",
            outcome?.Cause ?? "",
            live?.FramesDone ?? (state == RunVideoState.Completed ? outcome?.Frames : 0) ?? 0,
            live?.Frames ?? outcome?.Frames ?? 0,
            live?.Seconds ?? outcome?.DurationSeconds ?? 0,
            WallSeconds(view, live, index, now),
            outcome?.Attempts ?? 0);
    }

    /// <summary>Orders without sorting more than the page needs: that is what becomes of an ordering of which only some are taken.</summary>
    private static IEnumerable<int> Ordered(RunView view, Dictionary<int, RunQueries.VideoProgress> flying, List<int> matches, VideoQuery query, long now)
    {
        return query.Sort switch
        {
            VideoSort.Id => By(i => view.Manifest[i].Id, StringComparer.Ordinal),
            VideoSort.State => By(i => StateOf(view, flying.ContainsKey(i), i)),
            VideoSort.Frames => By(i => Live(i)?.Frames ?? view.OutcomeOf(i)?.Frames ?? 0),
            VideoSort.Seconds => By(i => Live(i)?.Seconds ?? view.OutcomeOf(i)?.DurationSeconds ?? 0),
            VideoSort.WallSeconds => By(i => WallSeconds(view, Live(i), i, now)),
            VideoSort.Attempts => By(i => view.OutcomeOf(i)?.Attempts ?? 0),
            _ => query.Descending ? Enumerable.Reverse(matches) : matches,
        };

        RunQueries.VideoProgress? Live(int index) => view.State.Status(index) == VideoStatus.Pending ? flying.GetValueOrDefault(index) : null;

        IEnumerable<int> By<T>(Func<int, T> key, IComparer<T>? comparer = null) => query.Descending ? matches.OrderByDescending(key, comparer) : matches.OrderBy(key, comparer);
    }

    private static bool Matches(RunView view, Dictionary<int, RunQueries.VideoProgress> flying, int index, VideoQuery query) =>
        (query.State is not { } state || StateOf(view, flying.ContainsKey(index), index) == state)
        && (query.Cause is not { } cause || IsQuarantinedFor(view, index, cause))
        && (query.Text is not { } text || view.Manifest[index].Id.Contains(text, StringComparison.OrdinalIgnoreCase) || IsQuarantinedFor(view, index, text));

    private static bool IsQuarantinedFor(RunView view, int index, string cause) => view.State.Status(index) == VideoStatus.Quarantined && HasCause(view.OutcomeOf(index), cause);

    /// <summary>Whether a cause, or the stage it was met in, has a text, whatever its case.</summary>
    public static bool IsBecauseOf(string cause, string stage, string text) =>
        cause.Contains(text, StringComparison.OrdinalIgnoreCase) || stage.Contains(text, StringComparison.OrdinalIgnoreCase);

    private static bool HasCause(VideoOutcome? outcome, string text) => outcome is not null && IsBecauseOf(outcome.Cause, outcome.Stage, text);

    private static double WallSeconds(RunView view, RunQueries.VideoProgress? live, int index, long now) =>
        view.OutcomeOf(index)?.WallSeconds ?? (live is { Since: > 0 } ? Math.Max(0, TimeSpan.FromTicks(now - live.Since).TotalSeconds) : 0);

    private static RunVideoState StateOf(RunView view, bool isFlying, int index) => view.State.Status(index) switch
    {
        VideoStatus.Completed => RunVideoState.Completed,
        VideoStatus.Quarantined => RunVideoState.Quarantined,
        VideoStatus.Cancelled => RunVideoState.Cancelled,
        _ => isFlying ? RunVideoState.Processing : RunVideoState.Waiting,
    };
}
