namespace ActorCluster.Training;

/// <summary>How the optimizer (AdamW) steps. What the paper uses is not public; every value is our choice.</summary>
/// <param name="LearningRate">The highest learning rate, greater than 0. Ours: 1e-4.</param>
/// <param name="WarmUpEpochs">Epochs, or parts of one, in which the learning rate rises to it, at least 0. Ours: 1.</param>
/// <param name="WeightDecay">The decay of matrices, at least 0; norms, biases and learned positions have none. Ours: 0.01.</param>
/// <param name="Beta1">Decay of the first moment, 0 to less than 1. Kingma and Ba's: 0.9.</param>
/// <param name="Beta2">Decay of the second moment, 0 to less than 1. Kingma and Ba's: 0.999.</param>
/// <param name="Epsilon">What keeps the division finite, greater than 0. Kingma and Ba's: 1e-8.</param>
/// <param name="ClipNorm">The greatest Euclidean norm of all gradients together; greater ones are scaled down to it. Ours: 1.</param>
/// <param name="AveragingDecay">
/// Decay of the exponential moving average of the weights, 0 to less than 1, which is then what is validated and kept; 0 for none. Ours: 0.
/// </param>
public sealed record OptimizerSettings(
    double LearningRate,
    double WarmUpEpochs,
    double WeightDecay,
    double Beta1,
    double Beta2,
    double Epsilon,
    double ClipNorm,
    double AveragingDecay);
