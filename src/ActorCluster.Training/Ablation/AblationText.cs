using System.Collections.Immutable;
using ActorCluster.Core.Scoring;

namespace ActorCluster.Training.Ablation;

/// <summary>What page and Markdown both say of an ablation.</summary>
internal static class AblationText
{
    public const string Footer =
        "Mean ± standard deviation (divisor n - 1) over the seeds. Macro F1 is the mean over eight classes on the pooled labelled frames of the videos; a class that does not occur counts as 0. Differences are those of the confusion matrices pooled over the seeds that both rows have, less the first row's, with a 95 % percentile bootstrap in which both are drawn on the same videos: it tells how far other videos could change the order, not how far other seeds could.";

    public const string OnePublishedRun =
        "What was published is taken as one run per cell, for no spread over seeds comes with it: cells that lie nearer to each other than the seeds of one cell do here have no order.";

    public const string ChosenOnValidation =
        "Each training's epoch was chosen on the validation set, which is scored here: the scores are too good for videos that nobody has seen, equally for all rows.";

    public const string Bursts =
        "Missing faces are hidden by masks alone, in bursts of 0.5 to 3 s, the same ones in every trial.";

    /// <summary>The notes that belong under the tables.</summary>
    public static IEnumerable<string> Notes(AblationTable table)
    {
        yield return Footer;
        if (table.Set == "validation")
        {
            yield return ChosenOnValidation;
        }

        if (table.Rows.Any(r => r.Cell.Published is not null))
        {
            yield return OnePublishedRun;
        }

        if (table.Rows[0].Conditions.Length > 1)
        {
            yield return Bursts;
        }
    }

    /// <summary>The table's head under a condition.</summary>
    public static string[] Head(AblationTable table, bool published) =>
    [
        "Cell", .. published ? ["Published accuracy", "Published macro F1"] : Array.Empty<string>(), "Accuracy", "Macro F1", .. table.Seeds.Select(s => $"F1, seed {s}"), "Macro F1 less the first row's",
        "Remark",
    ];

    /// <summary>A row of it.</summary>
    public static string[] Row(AblationTable table, AblationRow row, int condition, bool published)
    {
        var scores = row.Conditions[condition];
        return
        [
            row.Cell.Name,
            .. published ? [Figure(row.Cell.Published?.Accuracy), Figure(row.Cell.Published?.F1)] : Array.Empty<string>(),
            MeanAndDeviation(scores.Accuracy),
            MeanAndDeviation(scores.MacroF1),
            .. scores.MacroF1.Select(Figure),
            scores.Difference is { } difference ? Difference(difference.MacroF1) : "",
            row.Remark(table.Seeds),
        ];
    }

    /// <summary>Whether published values have a place: with nothing hidden only.</summary>
    public static bool ShowsPublished(AblationTable table, int condition) => condition == 0 && table.Rows.Any(r => r.Cell.Published is not null);

    public static string Figure(double? value) => value is { } v ? FormattableString.Invariant($"{v:F4}") : "";

    private static string MeanAndDeviation(ImmutableArray<double?> values) => CellCondition.Mean(values) is not { } mean
        ? ""
        : CellCondition.Deviation(values) is { } deviation ? FormattableString.Invariant($"{mean:F4} ± {deviation:F4}") : Figure(mean);

    private static string Difference(ConfidenceInterval d) =>
        FormattableString.Invariant($"{d.Estimate:+0.0000;-0.0000;0.0000} ({d.Low:+0.000;-0.000;0.000} to {d.High:+0.000;-0.000;0.000})");
}
