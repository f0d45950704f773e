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
    /// <param name="At">When.</param>
    /// <param name="Run">The run.</param>
    /// <param name="Digest">How it stood then; null where an earlier version stored it.</param>
    internal sealed record RunEnded(long At, string Run, RunDigest? Digest = null) : IWireMessage;

    /// <summary>Catalogue: an operator had the run removed.</summary>
    internal sealed record RunDeleted(long At, string Run) : IWireMessage;

    /// <summary>The frozen manifest is known.</summary>
    internal sealed record RunStarted(long At, RunSpec Spec) : IWireMessage;

    /// <summary>The manifest has grown or some of its files have changed.</summary>
    internal sealed record RunExtended(long At, RunSpec Spec, ImmutableArray<VideoRevision> Changed) : IWireMessage;

    /// <summary>Some videos have ended.</summary>
    internal sealed record VideosFinished(long At, ImmutableArray<VideoOutcome> Outcomes) : IWireMessage;

    /// <summary>The run waits for somebody to mend its environment, or for the operator who paused it.</summary>
    internal sealed record RunPaused(long At, string Reason, bool ByOperator = false) : IWireMessage;

    /// <summary>The run goes on.</summary>
    internal sealed record RunResumed(long At) : IWireMessage;

    /// <summary>An operator gave up what is left of the run, and with it the run.</summary>
    internal sealed record RunCancelled(long At) : IWireMessage;

    /// <summary>An operator put the run before or behind others.</summary>
    internal sealed record RunPriorityChanged(long At, int Priority) : IWireMessage;

    /// <summary>An operator has quarantined videos tried again, each with a history of its own.</summary>
    internal sealed record VideosRetried(long At, ImmutableArray<int> Videos) : IWireMessage;

    /// <summary>Every video has ended.</summary>
    internal sealed record RunCompleted(long At) : IWireMessage;

    /// <summary>A video whose file has changed.</summary>
    internal sealed record VideoRevision(int Index, int Revision) : IWireMessage;
}
