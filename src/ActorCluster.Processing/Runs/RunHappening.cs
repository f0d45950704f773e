namespace ActorCluster.Processing.Runs;

/// <summary>Something that happened to a run or to one of its videos.</summary>
/// <param name="At">When it was stored, in UTC ticks.</param>
/// <param name="What">What, in words.</param>
/// <param name="Video">The video's id; empty where it concerns the run.</param>
public sealed record RunHappening(long At, string What, string Video);
