namespace ActorCluster.Operator.Comparing;

/// <summary>A run that is compared.</summary>
/// <param name="Run">Its name.</param>
/// <param name="Pipeline">Its pipeline's name.</param>
internal sealed record ComparedRun(string Run, string Pipeline);
