using System.Collections.Concurrent;
using ActorCluster.Core.Audio;

namespace ActorCluster.Processing.Inference;

/// <summary>The decoder's side of an audio encoder.</summary>
/// <param name="Grid">The grid of segments.</param>
/// <param name="FeatureWidth">The length D of a feature vector.</param>
internal sealed record AudioInput(SegmentGrid Grid, int FeatureWidth)
{
    /// <summary>Buffers that no unit uses at the moment.</summary>
    public ConcurrentBag<SegmentRequest> FreeSegments { get; } = [];
}
