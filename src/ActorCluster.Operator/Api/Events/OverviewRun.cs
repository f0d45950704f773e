using System.Collections.Immutable;
using ActorCluster.Processing.Runs;

namespace ActorCluster.Operator;

/// <summary>A run at a glance.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Pipeline">Its pipeline's name.</param>
/// <param name="Videos">Videos in its manifest.</param>
/// <param name="Ended">Whether every video has ended.</param>
/// <param name="Phase">Where it is in its life.</param>
/// <param name="Completed">Videos whose predictions are published.</param>
/// <param name="Quarantined">Videos that ended with a fault of their own.</param>
/// <param name="Cancelled">Videos given up with the run.</param>
/// <param name="Priority">Higher goes first.</param>
/// <param name="StartedAt">When it was begun; null where that and the counts are not known.</param>
/// <param name="EndedAt">When it ended; null before.</param>
/// <param name="Rates">Seconds of video for each second in the last blocks, oldest first; null once it has ended, or as long as it has not answered.</param>
/// <param name="SecondsLeft">Seconds of video that are left; null likewise.</param>
/// <param name="Explanation">What it is doing, and why it is not faster; null likewise.</param>
internal sealed record OverviewRun(
    string Name,
    string Pipeline,
    int Videos,
    bool Ended,
    RunPhase Phase,
    int Completed,
    int Quarantined,
    int Cancelled,
    int Priority,
    long StartedAt,
    long EndedAt,
    ImmutableArray<double>? Rates,
    double? SecondsLeft,
    ImmutableArray<string>? Explanation)
{
    private const int MostRates = 60;

    /// <summary>One of a list.</summary>
    /// <param name="run">The run.</param>
    /// <param name="pace">Its pace; null where it is not known.</param>
    /// <param name="explanation">Its explanation; null where there is none.</param>
    public static OverviewRun Of(RunListing run, RunPace? pace, ImmutableArray<string>? explanation) => new(
        run.Name, run.Pipeline, run.Videos, run.Ended, run.Phase, run.Completed, run.Quarantined, run.Cancelled, run.Priority, run.StartedAt, run.EndedAt,
        pace is null ? null : [.. pace.Rates.TakeLast(MostRates)], pace?.SecondsLeft, explanation);
}
