using System.Collections.Immutable;
using ActorCluster.Processing.Serialization;
using ActorCluster.Processing.Videos;

namespace ActorCluster.Processing.Runs;

/// <summary>What runs and their catalogue are told.</summary>
internal static class RunCommands
{
    /// <summary>To the catalogue: register this run, or take its extended manifest, and drive it.</summary>
    internal sealed record SubmitRun(RunSpec Spec) : IWireMessage;

    /// <summary>From the catalogue: the run is registered.</summary>
    internal sealed record RunAccepted(string Run) : IWireMessage;

    /// <summary>Could the run be driven with this specification?</summary>
    internal sealed record CheckRun(RunSpec Spec) : IRunMessage
    {
        /// <inheritdoc/>
        public string Run => Spec.Name;
    }

    /// <summary>Why a run cannot be driven with a specification; null if it can.</summary>
    internal sealed record RunChecked(Fault? Conflict) : IWireMessage;

    /// <summary>To the broker, which passes it to an inference node: freeze this run in its folder. The models of the node decide what it computes.</summary>
    /// <param name="Request">What was asked for.</param>
    /// <param name="Extends">Whether the run is there and keeps its pipeline and formats; without inputs those that it was submitted with are looked through again.</param>
    internal sealed record FreezeRun(RunRequest Request, bool Extends = false) : IWireMessage;

    /// <summary>The run is frozen.</summary>
    internal sealed record RunIsFrozen(RunSpec Spec, RunFrozen Frozen) : IWireMessage;

    /// <summary>The run could not be frozen.</summary>
    /// <param name="Fault">Why.</param>
    /// <param name="IsUsage">Whether the request was wrong, and not the environment.</param>
    internal sealed record FreezeFailed(Fault Fault, bool IsUsage) : IWireMessage;

    /// <summary>To the catalogue: the run has ended.</summary>
    internal sealed record RunFinished(string Run, RunDigest? Digest = null) : IWireMessage;

    /// <summary>To the catalogue: how the run stands, for lists. News only.</summary>
    internal sealed record RunTold(string Run, RunDigest Digest) : IWireMessage;

    /// <summary>To the catalogue: the run is no more.</summary>
    internal sealed record ForgetRun(string Run) : IWireMessage;

    /// <summary>From the catalogue: it knows no such run any more.</summary>
    internal sealed record RunForgotten(string Run) : IWireMessage;

    /// <summary>Process this run; sent again every few seconds as a ping, so it must stay idempotent.</summary>
    internal sealed record DriveRun(RunSpec Spec) : IRunMessage
    {
        /// <inheritdoc/>
        public string Run => Spec.Name;
    }

    /// <summary>The catalogue has stored the run's end.</summary>
    internal sealed record EndRecorded(string Run) : IRunMessage;

    /// <summary>A video has ended. Sent until <see cref="VideoCommands.OutcomeRecorded"/> comes back.</summary>
    internal sealed record VideoFinished(string Run, VideoOutcome Outcome) : IRunMessage;

    /// <summary>A video meets a failure of the environment and will be tried again.</summary>
    internal sealed record VideoTroubled(string Run, int Index, Fault Fault) : IRunMessage;

    /// <summary>How far a video has come, for those who watch.</summary>
    internal sealed record VideoProgressed(string Run, int Index, int FramesDone, int Frames, double Seconds, string Stage) : IRunMessage;

    /// <summary>A video that was told to start nothing new has nothing in flight any more.</summary>
    internal sealed record VideoRested(string Run, int Index) : IRunMessage;

    /// <summary>Go on with a paused run. Answered with <see cref="RunAnswered"/>, as are all that follow.</summary>
    internal sealed record ResumeRun(string Run) : IRunMessage;

    /// <summary>Start nothing new, and let what is in flight finish.</summary>
    internal sealed record PauseRun(string Run) : IRunMessage;

    /// <summary>Give up what is in flight and every video that has not ended.</summary>
    internal sealed record CancelRun(string Run) : IRunMessage;

    /// <summary>Serve this run before those of a smaller priority.</summary>
    internal sealed record PrioritiseRun(string Run, int Priority) : IRunMessage;

    /// <summary>Try quarantined videos again.</summary>
    /// <param name="Run">The run.</param>
    /// <param name="All">All of them, or only <paramref name="Videos"/>.</param>
    /// <param name="Videos">Which; those that are not quarantined are left alone.</param>
    internal sealed record RetryVideos(string Run, bool All, ImmutableArray<int> Videos) : IRunMessage;

    /// <summary>Quarantine a video that has not ended.</summary>
    internal sealed record QuarantineVideo(string Run, int Index, string Cause) : IRunMessage;

    /// <summary>Write the report now.</summary>
    internal sealed record WriteReport(string Run) : IRunMessage;

    /// <summary>The run is about to be removed: may it be? If so it leaves memory, so that it is read anew should its name come again.</summary>
    internal sealed record DeleteRun(string Run) : IRunMessage;

    /// <summary>What came of an operator's command.</summary>
    /// <param name="Refusal">Why it cannot be, and what can; empty when it was done.</param>
    /// <param name="Videos">How many videos it was about.</param>
    /// <param name="Fault">What of the environment prevented it; null when nothing did.</param>
    internal sealed record RunAnswered(string Refusal, int Videos, Fault? Fault = null) : IWireMessage;
}
