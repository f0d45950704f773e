using System.Collections.Immutable;

namespace ActorCluster.Processing.Runs;

/// <summary>What a run's videos that have ended come to together.</summary>
/// <param name="Labels">Frames of completed videos by label, [8].</param>
/// <param name="Frames">Frames of completed videos.</param>
/// <param name="FaceFrames">Of these, frames with a face.</param>
/// <param name="VideoSeconds">Duration of completed videos in seconds.</param>
/// <param name="Causes">Why videos were quarantined, the most frequent first, at most <see cref="MostCauses"/>.</param>
public sealed record RunTotals(ImmutableArray<long> Labels, long Frames, long FaceFrames, double VideoSeconds, ImmutableArray<CauseCount> Causes)
{
    /// <summary>The most causes that are told.</summary>
    public const int MostCauses = 20;
}
