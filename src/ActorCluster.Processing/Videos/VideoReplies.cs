using System.Collections.Immutable;
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

    /// <summary>What has happened to the video.</summary>
    /// <param name="Phase">How far it has come.</param>
    /// <param name="Plan">Its plan; null before, and in any but the first piece.</param>
    /// <param name="FirstAt">When its first event was, in UTC ticks; 0 without one.</param>
    /// <param name="LastAt">When its last one was.</param>
    /// <param name="Outcome">How it ended; null before, and in any but the first piece.</param>
    /// <param name="Units">Its units from the one on that was asked for.</param>
    /// <param name="NextUnit">The unit to go on with; <see cref="End"/> when there is none.</param>
    internal sealed record VideoShown(
        VideoPhase Phase, VideoEvents.VideoPlanned? Plan, long FirstAt, long LastAt, VideoOutcome? Outcome, ImmutableArray<VideoUnit> Units, int NextUnit) : IWireMessage
    {
        /// <summary>There are no more units.</summary>
        public const int End = -1;
    }
}
