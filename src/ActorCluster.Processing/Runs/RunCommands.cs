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
    internal sealed record FreezeRun(RunRequest Request) : IWireMessage;

    /// <summary>The run is frozen.</summary>
    internal sealed record RunIsFrozen(RunSpec Spec, RunFrozen Frozen) : IWireMessage;

    /// <summary>The run could not be frozen.</summary>
    /// <param name="Fault">Why.</param>
    /// <param name="IsUsage">Whether the request was wrong, and not the environment.</param>
    internal sealed record FreezeFailed(Fault Fault, bool IsUsage) : IWireMessage;

    /// <summary>To the catalogue: the run has ended.</summary>
    internal sealed record RunFinished(string Run) : IWireMessage;

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

    /// <summary>Go on with a paused run.</summary>
    internal sealed record ResumeRun(string Run) : IRunMessage;
}
