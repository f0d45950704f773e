using System.Collections.Immutable;
using ActorCluster.Core;
using ActorCluster.Processing.Runs;

namespace ActorCluster.Operator;

/// <summary>What the videos of a run that have ended come to together.</summary>
/// <param name="Classes">The names of the classes, [8].</param>
/// <param name="Labels">Frames of completed videos by label, [8].</param>
/// <param name="Frames">Frames of completed videos.</param>
/// <param name="FaceFrames">Of these, frames with a face.</param>
/// <param name="VideoSeconds">Duration of completed videos in seconds.</param>
/// <param name="Causes">Why videos were quarantined, the most frequent first, at most 20.</param>
internal sealed record TotalsAnswer(ImmutableArray<string> Classes, ImmutableArray<long> Labels, long Frames, long FaceFrames, double VideoSeconds, ImmutableArray<CauseCount> Causes)
{
    /// <summary>The answer for a run's totals.</summary>
    public static TotalsAnswer Of(RunTotals totals) => new(Expressions.Names, totals.Labels, totals.Frames, totals.FaceFrames, totals.VideoSeconds, totals.Causes);
}
