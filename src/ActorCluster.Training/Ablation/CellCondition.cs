using System.Collections.Immutable;
using ActorCluster.Core.Scoring;

namespace ActorCluster.Training.Ablation;

/// <summary>A cell's scores under one condition.</summary>
/// <param name="Condition">The condition's name.</param>
/// <param name="Accuracy">Accuracy of each seed, null where there is no result yet or it diverged, [seeds].</param>
/// <param name="MacroF1">Macro F1 likewise, [seeds].</param>
/// <param name="Difference">
/// This cell less the first one, over the pooled frames of the seeds that both have trained with, with an interval from a paired bootstrap over videos; null for
/// the first cell itself, and where no seed is common.
/// </param>
public sealed record CellCondition(string Condition, ImmutableArray<double?> Accuracy, ImmutableArray<double?> MacroF1, BootstrapResult? Difference)
{
    /// <summary>The mean over the seeds that have a score; null of none.</summary>
    /// <param name="values">A value for each seed.</param>
    public static double? Mean(ImmutableArray<double?> values) => values.Average();

    /// <summary>The sample standard deviation (divisor n - 1) over the seeds that have a score; null of fewer than two.</summary>
    /// <param name="values">A value for each seed.</param>
    public static double? Deviation(ImmutableArray<double?> values)
    {
        List<double> there = [.. values.OfType<double>()];
        return there.Count < 2 ? null : Math.Sqrt(there.Sum(v => (v - there.Average()) * (v - there.Average())) / (there.Count - 1));
    }
}
