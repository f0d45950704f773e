namespace ActorCluster.Core.Scoring;

/// <summary>How well one class is told. A ratio without a denominator is 0.</summary>
/// <param name="Expression">The class.</param>
/// <param name="Precision">Share of the predictions of this class that are right, 0 to 1.</param>
/// <param name="Recall">Share of the labels of this class that are predicted so, 0 to 1.</param>
/// <param name="F1">Harmonic mean of both: 2 · right / (labels + predictions), 0 to 1.</param>
/// <param name="Support">The number of frames with this label.</param>
public sealed record ClassScore(Expression Expression, double Precision, double Recall, double F1, long Support);
