using ActorCluster.Processing.Serialization;

namespace ActorCluster.Processing.Videos;

/// <summary>What a video's actor answers.</summary>
internal static class VideoReplies
{
    /// <summary>What the lease's holder reported is in the journal, or no longer matters.</summary>
    /// <param name="Lease">The lease.</param>
    /// <param name="FirstChunk">The first chunk of the recorded results, -1 for the audio track, <see cref="End"/> for the unit's failure or interruption.</param>
    internal sealed record WorkRecorded(string Lease, int FirstChunk) : IWireMessage
    {
        /// <summary>Stands for the report that ended the unit without a result.</summary>
        public const int End = -2;
    }
}
