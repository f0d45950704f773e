using ActorCluster.Processing.Runs;

namespace ActorCluster.Operator;

/// <summary>How a run stands.</summary>
/// <param name="Progress">How far it is.</param>
/// <param name="Pace">How fast it has been lately, and what is left of it.</param>
internal sealed record RunNow(RunQueries.RunProgress Progress, RunPace Pace);
