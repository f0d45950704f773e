namespace ActorCluster.Training;

/// <summary>The loss. That it is a focal loss is the paper's; gamma and weights are not public and ours.</summary>
/// <param name="Gamma">The focusing exponent, 0 to 10. Ours: 2.</param>
/// <param name="ClassWeights">Whether rare classes weigh more. Ours: none.</param>
public sealed record FocalSettings(double Gamma, ClassWeighting ClassWeights);
