using ActorCluster.Core.Scoring;

namespace ActorCluster.Training.Evaluation;

/// <summary>How well one way to predict does.</summary>
/// <param name="All">On all labelled frames.</param>
/// <param name="WithFace">On the labelled frames with a face.</param>
public sealed record SystemScore(PooledScore All, PooledScore WithFace);
