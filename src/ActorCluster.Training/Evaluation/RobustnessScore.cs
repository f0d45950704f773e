using ActorCluster.Core.Scoring;

namespace ActorCluster.Training.Evaluation;

/// <summary>How well the smoothed predictions do when something is hidden from the network.</summary>
/// <param name="Condition">What is hidden, in words.</param>
/// <param name="HiddenFaces">The share of all faces that is hidden, 0 to 1.</param>
/// <param name="All">On all labelled frames.</param>
/// <param name="Hidden">On the labelled frames whose face is hidden; null where none is.</param>
/// <param name="Difference">What is gained over hiding nothing, on all labelled frames; a loss is negative.</param>
public sealed record RobustnessScore(string Condition, double HiddenFaces, PooledScore All, PooledScore? Hidden, BootstrapResult Difference);
