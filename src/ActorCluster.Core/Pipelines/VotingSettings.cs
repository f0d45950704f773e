namespace ActorCluster.Core.Pipelines;

/// <summary>What happens to the votes of a whole video.</summary>
/// <param name="MedianOver">Whether the median filter runs over probabilities or labels.</param>
/// <param name="MedianKernel">The filter's width in frames, odd, 1 to 1001; 1 switches it off.</param>
/// <param name="ImputeWithinSeconds">
/// A frame without a vote takes its probabilities from voted frames no further away than this, 0 to 3600; beyond, it takes the prior.
/// </param>
public sealed record VotingSettings(MedianOver MedianOver, int MedianKernel, double ImputeWithinSeconds);
