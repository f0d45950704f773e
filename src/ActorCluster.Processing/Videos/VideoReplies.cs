using ActorCluster.Processing.Serialization;

namespace ActorCluster.Processing.Videos;

/// <summary>What a video's actor answers.</summary>
internal static class VideoReplies
{
    /// <summary>What the lease's holder reported is in the journal, or no longer matters.</summary>
    internal sealed record WorkRecorded(string Lease, int FirstChunk) : IWireMessage;
}
