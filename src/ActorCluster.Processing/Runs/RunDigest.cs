using ActorCluster.Processing.Serialization;

namespace ActorCluster.Processing.Runs;

/// <summary>How a run stands, in a few numbers: what a list of runs shows of it.</summary>
/// <param name="Phase">Where it is in its life.</param>
/// <param name="Completed">Videos whose predictions are published.</param>
/// <param name="Quarantined">Videos that ended with a fault of their own.</param>
/// <param name="Cancelled">Videos given up with the run.</param>
/// <param name="Priority">Higher goes first.</param>
/// <param name="StartedAt">When it was begun, in UTC ticks.</param>
/// <param name="EndedAt">When it ended, in UTC ticks; 0 before.</param>
internal sealed record RunDigest(RunPhase Phase, int Completed, int Quarantined, int Cancelled, int Priority, long StartedAt, long EndedAt) : IWireMessage;
