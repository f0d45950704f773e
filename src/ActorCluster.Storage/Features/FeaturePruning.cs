using System.Collections.Immutable;

namespace ActorCluster.Storage;

/// <summary>What a clean-up of the feature store removed.</summary>
/// <param name="Removed">The removed videos, least recently written first.</param>
/// <param name="RemainingBytes">What the store still holds, in bytes.</param>
public sealed record FeaturePruning(ImmutableArray<FeatureUsage> Removed, long RemainingBytes)
{
    /// <summary>How many bytes were freed.</summary>
    public long FreedBytes => Removed.Sum(video => video.Bytes);
}
