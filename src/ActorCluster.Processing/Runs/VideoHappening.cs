namespace ActorCluster.Processing.Runs;

/// <summary>Something that happened to a video.</summary>
/// <param name="At">When, in UTC ticks.</param>
/// <param name="What">What, in words.</param>
/// <param name="Node">On which node; empty where that does not matter.</param>
public sealed record VideoHappening(long At, string What, string Node);
