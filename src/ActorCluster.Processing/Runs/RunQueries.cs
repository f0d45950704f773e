using System.Collections.Immutable;
using ActorCluster.Processing.Serialization;

namespace ActorCluster.Processing.Runs;

/// <summary>What one can ask a run.</summary>
public static class RunQueries
{
    /// <summary>Which runs are there?</summary>
    internal sealed record GetRuns : IWireMessage;

    /// <summary>The runs, newest first.</summary>
    internal sealed record RunsListed(ImmutableArray<RunListing> Runs) : IWireMessage;

    /// <summary>How far is the run?</summary>
    /// <param name="Run">The run's name.</param>
    internal sealed record GetRunProgress(string Run) : IRunMessage;

    /// <summary>How fast is the run, and what is left of it? Answered by <see cref="RunPace"/>.</summary>
    /// <param name="Run">The run's name.</param>
    internal sealed record GetRunPace(string Run) : IRunMessage;

    /// <summary>How far a run is.</summary>
    /// <param name="Run">The run's name.</param>
    /// <param name="Registered">Videos in the manifest.</param>
    /// <param name="Completed">Videos whose predictions are published.</param>
    /// <param name="Quarantined">Videos that ended with a fault of their own.</param>
    /// <param name="Cancelled">Videos given up with the run.</param>
    /// <param name="Frames">Frames of completed videos.</param>
    /// <param name="VideoSeconds">Duration of completed videos in seconds.</param>
    /// <param name="IsCompleted">Whether every video has ended.</param>
    /// <param name="PausedReason">Why the run waits; empty when it does not.</param>
    /// <param name="Trouble">The newest failure of the environment that is being retried; empty when there is none.</param>
    /// <param name="InFlight">Videos being processed, at most 200.</param>
    /// <param name="Phase">Where the run is in its life.</param>
    /// <param name="Priority">Higher goes first; 0 unless an operator set it.</param>
    /// <param name="StartedAt">When it was begun, in UTC ticks.</param>
    /// <param name="EndedAt">When it ended, in UTC ticks; 0 before.</param>
    /// <param name="Pipeline">Its pipeline's name.</param>
    public sealed record RunProgress(
        string Run,
        int Registered,
        int Completed,
        int Quarantined,
        int Cancelled,
        long Frames,
        double VideoSeconds,
        bool IsCompleted,
        string PausedReason,
        string Trouble,
        ImmutableArray<VideoProgress> InFlight,
        RunPhase Phase = RunPhase.Running,
        int Priority = 0,
        long StartedAt = 0,
        long EndedAt = 0,
        string Pipeline = "") : IWireMessage;

    /// <summary>How far a video is.</summary>
    /// <param name="Index">Its line in the manifest, from 0.</param>
    /// <param name="Id">Its id.</param>
    /// <param name="FramesDone">Frames encoded so far.</param>
    /// <param name="Frames">Frames in all; 0 before the plan.</param>
    /// <param name="Seconds">Its duration in seconds; 0 before the plan.</param>
    /// <param name="Stage">What is being done.</param>
    /// <param name="Since">When its run last took it up, in UTC ticks.</param>
    public sealed record VideoProgress(int Index, string Id, int FramesDone, int Frames, double Seconds, string Stage, long Since = 0) : IWireMessage;
}
