using System.Collections.Immutable;

namespace ActorCluster.Training.Ablation;

/// <summary>A row of an ablation's table.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Trials">The result of each seed, null where there is none yet, [seeds].</param>
/// <param name="Conditions">The scores under each condition.</param>
public sealed record AblationRow(AblationCell Cell, ImmutableArray<TrialResult?> Trials, ImmutableArray<CellCondition> Conditions)
{
    /// <summary>Seeds that were trained and scored.</summary>
    public int Trained => Trials.Count(t => t is { DivergedInEpoch: null });

    /// <summary>What the trials without a score came to, by seed and epoch; empty for nothing to say.</summary>
    /// <param name="seeds">The seeds.</param>
    public string Remark(ImmutableArray<long> seeds) => string.Join("; ", Trials.Select((t, i) => t switch
    {
        null => $"seed {seeds[i]} not done",
        { DivergedInEpoch: { } epoch } => $"seed {seeds[i]} diverged in epoch {epoch}",
        _ => "",
    }).Where(r => r.Length > 0));
}
