using System.Collections.Immutable;

namespace ActorCluster.Training;

/// <summary>What a training came to.</summary>
/// <param name="Epochs">The epochs in order.</param>
/// <param name="Ended">Whether it is over; false when it was stopped, and the same call goes on.</param>
public sealed record TrainingOutcome(ImmutableArray<EpochResult> Epochs, bool Ended)
{
    /// <summary>The epoch whose weights are kept; null before the first has ended.</summary>
    public EpochResult? Best => Epochs.LastOrDefault(e => e.Best);
}
