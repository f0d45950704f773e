using System.Collections.Immutable;
using ActorCluster.Processing.Serialization;

namespace ActorCluster.Processing.Videos;

/// <summary>What happened to a video, as stored. Times are UTC ticks.</summary>
internal static class VideoEvents
{
    /// <summary>A video's stored event.</summary>
    internal interface IVideoEvent : IWireMessage
    {
        /// <summary>When it happened, in UTC ticks.</summary>
        long At { get; }
    }

    /// <summary>The probe is done and the plan file written.</summary>
    internal sealed record VideoPlanned(
        long At, string PlanHash, string ContentHash, int Frames, double DurationSeconds, int Chunks, bool Sequential, int NumericVersion, ImmutableArray<string> Warnings) : IVideoEvent;

    /// <summary>A unit is about to be worked on; stored before the work, so that a death leaves a trace.</summary>
    internal sealed record ChunkStarted(long At, int Unit, int Attempt, string Node, bool Alone) : IVideoEvent;

    /// <summary>Results are in the feature store.</summary>
    internal sealed record ChunkEncoded(long At, int Unit, int FirstChunk, int ChunkCount, bool Audio, double Seconds, bool Reused) : IVideoEvent;

    /// <summary>The first segments of the audio track are in the feature store.</summary>
    internal sealed record SegmentsEncoded(long At, int Unit, int Segments) : IVideoEvent;

    /// <summary>
    /// A unit ended without a result and without a death: the node handed it back, failed, or lost its lease. Where the start never reached the node, or was refused
    /// there, it <paramref name="NeverBegan"/>.
    /// </summary>
    internal sealed record ChunkReleased(long At, int Unit, string Cause, bool Stalled, bool NeverBegan = false) : IVideoEvent;

    /// <summary>A unit that was started in a process that has died is known to be a suspect.</summary>
    internal sealed record ChunkSuspected(long At, int Unit, string Node) : IVideoEvent;

    /// <summary>Stored features turned out to be missing or damaged; the chunks are done again.</summary>
    internal sealed record ChunksLost(long At, ImmutableArray<int> Chunks, bool Audio, string Cause) : IVideoEvent;

    /// <summary>The video was planned by a version that computes other numbers; all of it starts again.</summary>
    internal sealed record VideoRestarted(long At, int FromVersion, int ToVersion) : IVideoEvent;

    /// <summary>Every frame is decided; the prediction files are about to be written.</summary>
    internal sealed record PublishIntended(long At) : IVideoEvent;

    /// <summary>The prediction files are in place.</summary>
    internal sealed record VideoPublished(long At, VideoOutcome Outcome) : IVideoEvent;

    /// <summary>The video has ended with a fault of its own.</summary>
    internal sealed record VideoQuarantined(long At, VideoOutcome Outcome) : IVideoEvent;
}
