using System.Collections.Immutable;

namespace ActorCluster.Training;

/// <summary>Where a training is, beside its tensors.</summary>
/// <param name="Epoch">The epoch at work, from 0.</param>
/// <param name="Step">Steps done in it.</param>
/// <param name="OptimizerSteps">Steps done in all.</param>
/// <param name="LossSum">Sum of the losses of its labelled rows so far.</param>
/// <param name="LossRows">Their number.</param>
/// <param name="Windows">Windows of it so far.</param>
/// <param name="Seconds">Seconds spent on it so far.</param>
/// <param name="Epochs">The epochs before it.</param>
internal sealed record TrainingState(
    int Epoch, int Step, long OptimizerSteps, double LossSum, long LossRows, long Windows, double Seconds, ImmutableArray<EpochResult> Epochs)
{
    /// <summary>The state before the first step.</summary>
    public static TrainingState Start { get; } = new(0, 0, 0, 0, 0, 0, 0, []);

    /// <summary>Mean training loss of the epoch so far.</summary>
    public double Loss => LossRows == 0 ? 0 : LossSum / LossRows;

    /// <summary>Training windows per second in the epoch so far.</summary>
    public double WindowsPerSecond => Seconds > 0 ? Windows / Seconds : 0;

    /// <summary>The best epoch's score so far; below every score before the first.</summary>
    public double BestScore => Epochs.LastOrDefault(e => e.Best)?.Validation.SmoothedF1 ?? -1;

    /// <summary>Epochs since the best.</summary>
    public int EpochsSinceBest => Epochs.Length - (Epochs.LastOrDefault(e => e.Best)?.Epoch ?? 0);

    /// <summary>Whether nothing is left to do.</summary>
    public bool IsEnded(TrainingConfig config) => Epoch >= config.Epochs || EpochsSinceBest >= config.Patience;
}
