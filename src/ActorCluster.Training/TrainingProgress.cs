namespace ActorCluster.Training;

/// <summary>How far a training is.</summary>
/// <param name="Epoch">The epoch at work, from 1.</param>
/// <param name="Epochs">The most epochs.</param>
/// <param name="Step">Steps done in it.</param>
/// <param name="Steps">Steps of an epoch.</param>
/// <param name="Loss">Mean training loss of the epoch so far.</param>
/// <param name="WindowsPerSecond">Training windows per second in the epoch so far.</param>
/// <param name="ValidationVideos">Validation videos done, null while training.</param>
/// <param name="Finished">The epoch that has just ended; null while one is at work.</param>
public sealed record TrainingProgress(
    int Epoch, int Epochs, int Step, int Steps, double Loss, double WindowsPerSecond, int? ValidationVideos, EpochResult? Finished);
