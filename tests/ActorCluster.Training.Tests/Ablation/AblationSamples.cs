using System.Collections.Immutable;
using ActorCluster.Core;
using ActorCluster.Core.Labels;
using ActorCluster.Training.Ablation;

namespace ActorCluster.Training.Tests.Ablation;

/// <summary>Small ablations.</summary>
internal static class AblationSamples
{
    public static AblationScoring Scoring { get; } = new(DatasetSplit.Validation, [0.5]);

    /// <summary>Cells of small networks that differ in their layers, of the synthetic videos.</summary>
    public static AblationPlan Plan(IReadOnlyList<TrainingInput> videos, ImmutableArray<long> seeds, params TrainingConfig[] cells) =>
        AblationPlan.Create(new AblationGrid([.. cells.Select((c, i) => new AblationCell($"cell {i + 1}", c, null))], seeds, Scoring), videos);

    /// <summary>A result whose videos each have so many right and wrong answers, under both conditions.</summary>
    public static TrialResult Result(params (int Right, int Wrong)[] videos)
    {
        ImmutableArray<ImmutableArray<long>> counts = [.. videos.Select(v =>
        {
            var matrix = new long[Expressions.Count * Expressions.Count];
            (matrix[0], matrix[1]) = (v.Right, v.Wrong);
            return matrix.ToImmutableArray();
        })];
        return new TrialResult("id", 4, 2, null, [.. Scoring.ConditionNames.Select(n => new TrialScore(n, counts))], ["a notice"]);
    }
}
