namespace ActorCluster.Training;

/// <summary>What an epoch came to.</summary>
/// <param name="Epoch">Its number, from 1.</param>
/// <param name="TrainLoss">Mean loss over the labelled rows of its training windows.</param>
/// <param name="Validation">What the weights after it do on the validation videos.</param>
/// <param name="Best">Whether that is the best so far; such weights are kept.</param>
/// <param name="LearningRate">The learning rate of its last step.</param>
/// <param name="WindowsPerSecond">Training windows per second, without validation.</param>
/// <param name="Seconds">How long it took, validation included.</param>
public sealed record EpochResult(
    int Epoch, double TrainLoss, ValidationScore Validation, bool Best, double LearningRate, double WindowsPerSecond, double Seconds);
