namespace ActorCluster.Core.Scoring;

/// <summary>A figure and the bounds between which it lies with some confidence.</summary>
/// <param name="Estimate">The figure of all videos.</param>
/// <param name="Low">The lower bound.</param>
/// <param name="High">The upper bound.</param>
/// <param name="Level">The confidence, such as 0.95.</param>
public sealed record ConfidenceInterval(double Estimate, double Low, double High, double Level);
