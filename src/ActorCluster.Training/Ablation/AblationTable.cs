using System.Collections.Immutable;
using ActorCluster.Core.Scoring;

namespace ActorCluster.Training.Ablation;

/// <summary>What an ablation has come to so far.</summary>
/// <param name="Seeds">The seeds.</param>
/// <param name="Set">What the trials are scored on, such as <c>validation</c>.</param>
/// <param name="Rows">A row for each cell, in the grid's order.</param>
public sealed record AblationTable(ImmutableArray<long> Seeds, string Set, ImmutableArray<AblationRow> Rows)
{
    /// <summary>Makes the table.</summary>
    /// <param name="plan">The ablation.</param>
    /// <param name="results">The result of each of the plan's trials, in their order; null where there is none yet.</param>
    public static AblationTable Of(AblationPlan plan, ImmutableArray<TrialResult?> results)
    {
        // Trials go seed by seed.
        ImmutableArray<ImmutableArray<TrialResult?>> cells =
            [.. plan.Cells.Select((_, c) => plan.Seeds.Select((_, s) => results[(s * plan.Cells.Length) + c]).ToImmutableArray())];
        var names = plan.Evaluate.ConditionNames;
        return new AblationTable(
            plan.Seeds,
            plan.Evaluate.Set.ToString().ToLowerInvariant(),
            [.. plan.Cells.Select((cell, c) => new AblationRow(cell, cells[c], [.. names.Select((name, k) => Of(name, k, cells[c], c == 0 ? null : cells[0]))]))]);
    }

    /// <summary>Notices about the videos.</summary>
    public ImmutableArray<string> Notices => [.. Rows.SelectMany(r => r.Trials).SelectMany(t => t?.Notices ?? []).Distinct()];

    private static CellCondition Of(string name, int condition, ImmutableArray<TrialResult?> trials, ImmutableArray<TrialResult?>? first)
    {
        ImmutableArray<ExpressionScore?> scores = [.. trials.Select(t => Score(t, condition)?.Pooled)];
        return new CellCondition(name, [.. scores.Select(s => s?.Accuracy)], [.. scores.Select(s => s?.MacroF1)], first is { } other ? Difference(other, trials, condition) : null);
    }

    private static BootstrapResult? Difference(ImmutableArray<TrialResult?> first, ImmutableArray<TrialResult?> second, int condition)
    {
        List<(TrialScore First, TrialScore Second)> common = [];
        foreach (var (a, b) in first.Zip(second))
        {
            if (Score(a, condition) is { } one && Score(b, condition) is { } other)
            {
                common.Add((one, other));
            }
        }

        return common.Count == 0 ? null : VideoBootstrap.Difference(Pool([.. common.Select(c => c.First)]), Pool([.. common.Select(c => c.Second)]));
    }

    private static List<ConfusionMatrix> Pool(List<TrialScore> seeds)
    {
        List<ImmutableArray<ConfusionMatrix>> videos = [.. seeds.Select(s => s.Videos)];
        return [.. videos[0].Select((_, v) => ConfusionMatrix.Sum(videos.Select(seed => seed[v])))];
    }

    private static TrialScore? Score(TrialResult? trial, int condition) => trial is { DivergedInEpoch: null } ? trial.Scores[condition] : null;
}
