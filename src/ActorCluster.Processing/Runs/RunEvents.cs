using System.Collections.Immutable;
using ActorCluster.Processing.Serialization;
using ActorCluster.Processing.Videos;

namespace ActorCluster.Processing.Runs;

/// <summary>What happened to a run, as stored. Times are UTC ticks.</summary>
internal static class RunEvents
{
    /// <summary>Catalogue: the run is known, with this specification.</summary>
    internal sealed record RunSubmitted(long At, RunSpec Spec) : IWireMessage;

    /// <summary>Catalogue: the run has ended.</summary>
    internal sealed record RunEnded(long At, string Run) : IWireMessage;

    /// <summary>The frozen manifest is known.</summary>
    internal sealed record RunStarted(long At, RunSpec Spec) : IWireMessage;

    /// <summary>The manifest has grown or some of its files have changed.</summary>
    internal sealed record RunExtended(long At, RunSpec Spec, ImmutableArray<VideoRevision> Changed) : IWireMessage;

    /// <summary>Some videos have ended.</summary>
    internal sealed record VideosFinished(long At, ImmutableArray<VideoOutcome> Outcomes) : IWireMessage;

    /// <summary>The run waits for somebody to mend its environment.</summary>
    internal sealed record RunPaused(long At, string Reason) : IWireMessage;

    /// <summary>The run goes on.</summary>
    internal sealed record RunResumed(long At) : IWireMessage;

    /// <summary>Every video has ended.</summary>
    internal sealed record RunCompleted(long At) : IWireMessage;

    /// <summary>A video whose file has changed.</summary>
    internal sealed record VideoRevision(int Index, int Revision) : IWireMessage;
}
