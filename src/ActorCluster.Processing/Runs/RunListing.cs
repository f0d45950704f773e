using ActorCluster.Processing.Serialization;

namespace ActorCluster.Processing.Runs;

/// <summary>One run in a list of all.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Pipeline">Its pipeline's name.</param>
/// <param name="Videos">Videos in its manifest.</param>
/// <param name="Ended">Whether every video has ended.</param>
/// <param name="Phase">Where it is in its life.</param>
/// <param name="Completed">Videos whose predictions are published.</param>
/// <param name="Quarantined">Videos that ended with a fault of their own.</param>
/// <param name="Cancelled">Videos given up with the run.</param>
/// <param name="Priority">Higher goes first.</param>
/// <param name="StartedAt">When it was begun, in UTC ticks; 0 where that and the counts are not known: it ended under an earlier version.</param>
/// <param name="EndedAt">When it ended, in UTC ticks; 0 before.</param>
public sealed record RunListing(
    string Name,
    string Pipeline,
    int Videos,
    bool Ended,
    RunPhase Phase = RunPhase.Running,
    int Completed = 0,
    int Quarantined = 0,
    int Cancelled = 0,
    int Priority = 0,
    long StartedAt = 0,
    long EndedAt = 0) : IWireMessage;
