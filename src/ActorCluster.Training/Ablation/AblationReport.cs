using System.Globalization;
using System.Text;
using ActorCluster.Storage;
using static ActorCluster.Training.ReportText;

namespace ActorCluster.Training.Ablation;

/// <summary>Writes an ablation's table as <c>ablation.md</c>, <c>ablation.csv</c> and <c>ablation.html</c>. The same results give the same bytes.</summary>
public static class AblationReport
{
    /// <summary>Where a folder has the page.</summary>
    /// <param name="folder">The ablation's folder.</param>
    public static string PageIn(string folder) => Path.Combine(folder, "ablation.html");

    /// <summary>Writes the files; those before are replaced.</summary>
    /// <param name="folder">The ablation's folder.</param>
    /// <param name="name">What the ablation is called.</param>
    /// <param name="table">What it has come to.</param>
    /// <exception cref="Core.Faults.EnvironmentFaultException">The folder cannot be written.</exception>
    public static void Write(string folder, string name, AblationTable table)
    {
        AtomicFile.Write(Path.Combine(folder, "ablation.csv"), stream => stream.Write(Encoding.UTF8.GetBytes(Csv(table))));
        AtomicFile.Write(Path.Combine(folder, "ablation.md"), stream => stream.Write(Encoding.UTF8.GetBytes(Markdown(name, table))));
        AtomicFile.Write(PageIn(folder), stream => AblationPage.Write(stream, name, table));
    }

    internal static string Csv(AblationTable table)
    {
        string[] head =
        [
            "cell", "condition", "published_accuracy", "published_macro_f1", "seeds_trained", "accuracy_mean", "accuracy_sd", "macro_f1_mean", "macro_f1_sd",
            "accuracy_difference", "accuracy_difference_low", "accuracy_difference_high", "macro_f1_difference", "macro_f1_difference_low", "macro_f1_difference_high",
            .. table.Seeds.Select(s => $"accuracy_seed_{s}"), .. table.Seeds.Select(s => $"macro_f1_seed_{s}"), "remark",
        ];
        var text = new StringBuilder(string.Join(',', head)).Append('\n');
        foreach (var row in table.Rows)
        {
            foreach (var scores in row.Conditions)
            {
                var (accuracy, f1) = (scores.Difference?.Accuracy, scores.Difference?.MacroF1);
                double?[] values =
                [
                    CellCondition.Mean(scores.Accuracy), CellCondition.Deviation(scores.Accuracy), CellCondition.Mean(scores.MacroF1), CellCondition.Deviation(scores.MacroF1),
                    accuracy?.Estimate, accuracy?.Low, accuracy?.High, f1?.Estimate, f1?.Low, f1?.High, .. scores.Accuracy, .. scores.MacroF1,
                ];
                string[] fields =
                [
                    Quoted(row.Cell.Name), Quoted(scores.Condition), Number(row.Cell.Published?.Accuracy), Number(row.Cell.Published?.F1), $"{row.Trained}", .. values.Select(Number),
                    Quoted(row.Remark(table.Seeds)),
                ];
                text.Append(string.Join(',', fields)).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Markdown(string name, AblationTable table)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Ablation {MarkdownCell(name)}\n\nScored on the {table.Set} set.\n\n");
        for (var c = 0; c < table.Rows[0].Conditions.Length; c++)
        {
            var published = AblationText.ShowsPublished(table, c);
            text.Append(CultureInfo.InvariantCulture, $"## {MarkdownCell(table.Rows[0].Conditions[c].Condition)}\n\n");
            MarkdownTable(text, AblationText.Head(table, published), table.Rows.Select(r => AblationText.Row(table, r, c, published)));
        }

        foreach (var note in AblationText.Notes(table).Concat(table.Notices))
        {
            text.Append(CultureInfo.InvariantCulture, $"- {MarkdownCell(note)}\n");
        }

        return text.ToString();
    }

    private static string Number(double? value) => value is { } v ? FormattableString.Invariant($"{v:0.000000}") : "";

    // Names have letters, digits and signs that need no escape.
    private static string Quoted(string text) => text.Contains(',', StringComparison.Ordinal) ? $"\"{text}\"" : text;
}
