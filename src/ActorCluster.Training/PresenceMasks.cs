using System.Collections.Immutable;
using ActorCluster.Storage;

namespace ActorCluster.Training;

/// <summary>What a network may see and hear of a video.</summary>
/// <param name="Face">Whether the frame has a face, [n].</param>
/// <param name="Audio">Whether the frame has audio, [n].</param>
internal sealed record PresenceMasks(ImmutableArray<bool> Face, ImmutableArray<bool> Audio)
{
    /// <summary>All that there is.</summary>
    public static PresenceMasks Of(FrameFeatures features) => new(features.FacePresent, features.AudioPresent);
}
