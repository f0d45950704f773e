using System.Globalization;
using System.Text;
using ActorCluster.Storage;
using static ActorCluster.Training.ReportText;

namespace ActorCluster.Training.Ablation;

/// <summary><c>ablation.html</c>: an ablation as one self-contained page without scripts.</summary>
internal static class AblationPage
{
    /// <summary>Writes the page.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="name">What the ablation is called.</param>
    /// <param name="table">What it has come to.</param>
    public static void Write(Stream stream, string name, AblationTable table)
    {
        var body = new StringBuilder();
        Top(body, name, table);
        for (var c = 0; c < table.Rows[0].Conditions.Length; c++)
        {
            var published = AblationText.ShowsPublished(table, c);
            body.Append(CultureInfo.InvariantCulture, $"<h2>{Html(Capital(table.Rows[0].Conditions[c].Condition))} <small>macro F1 of each seed, and their mean{(published ? ", beside what was published" : "")}</small></h2>\n");
            Ticks(body, table, c, published);
            HtmlTable(body, AblationText.Head(table, published), table.Rows.Select(r => AblationText.Row(table, r, c, published)));
        }

        body.Append("<footer>");
        foreach (var note in AblationText.Notes(table).Concat(table.Notices))
        {
            body.Append(CultureInfo.InvariantCulture, $"<p>{Html(note)}</p>");
        }

        body.Append("</footer>");
        HtmlPage.Write(stream, $"{name} · ActorCluster ablation", Style("training.css") + Style("ablation.css"), body.ToString());
    }

    private static void Top(StringBuilder body, string name, AblationTable table)
    {
        var (done, all) = (table.Rows.Sum(r => r.Trials.Count(t => t is not null)), table.Rows.Length * table.Seeds.Length);
        var diverged = table.Rows.Sum(r => r.Trials.Count(t => t is { DivergedInEpoch: not null }));
        body.Append(CultureInfo.InvariantCulture, $"<p class=\"mark\">ActorCluster ablation</p><h1>{Html(name)}</h1>\n<p class=\"introduction\">{table.Rows.Length} settings with {table.Seeds.Length} seeds each, scored on the {table.Set} set. ");
        body.Append(done == all ? "All trials have ended." : FormattableString.Invariant($"{done} of {all} trials have ended."));
        body.Append("</p>\n<dl class=\"tiles\">");
        var best = table.Rows.Where(r => r.Trained > 0).MaxBy(r => CellCondition.Mean(r.Conditions[0].MacroF1));
        if (best is not null)
        {
            var f1 = best.Conditions[0].MacroF1;
            Tile(body, "Highest mean", AblationText.Figure(CellCondition.Mean(f1)), $"macro F1, {Html(best.Cell.Name)}");
            if (best.Conditions[0].Difference is { } difference)
            {
                Tile(body, "Above the first", FormattableString.Invariant($"{difference.MacroF1.Estimate:+0.0000;-0.0000}"), FormattableString.Invariant($"95 %: {difference.MacroF1.Low:+0.000;-0.000;0.000} to {difference.MacroF1.High:+0.000;-0.000;0.000}"));
            }
        }

        List<double> deviations = [.. table.Rows.Select(r => CellCondition.Deviation(r.Conditions[0].MacroF1)).OfType<double>()];
        if (deviations.Count > 0)
        {
            // The root of the mean variance: every row has about as many seeds.
            Tile(body, "Spread of seeds", AblationText.Figure(Math.Sqrt(deviations.Average(d => d * d))), "standard deviation within a setting");
        }

        Tile(body, "Trials", $"{done}", diverged == 0 ? $"of {all}" : $"of {all}, {diverged} diverged");
        body.Append("</dl>\n");
    }

    /// <summary>A scale for each row: a tick for each seed, a thick one for their mean, a dashed one for what was published.</summary>
    private static void Ticks(StringBuilder body, AblationTable table, int condition, bool published)
    {
        List<double> all = [.. table.Rows.SelectMany(r => r.Conditions[condition].MacroF1.Append(published ? r.Cell.Published?.F1 : null)).OfType<double>()];
        if (all.Count == 0)
        {
            return;
        }

        var (low, high) = (Math.Floor((all.Min() * 50) - 0.25) / 50, Math.Ceiling((all.Max() * 50) + 0.25) / 50);
        double X(double value) => 100 * (value - low) / (high - low);
        body.Append("<div class=\"panel\"><dl class=\"bars ticks\">");
        foreach (var row in table.Rows)
        {
            var f1 = row.Conditions[condition].MacroF1;
            body.Append(CultureInfo.InvariantCulture, $"<dt>{Html(row.Cell.Name)}</dt><dd class=\"track\"><svg viewBox=\"0 0 100 20\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"ground\" width=\"100\" height=\"20\"/>");
            body.Append(CultureInfo.InvariantCulture, $"<path class=\"seeds\" d=\"{string.Concat(f1.OfType<double>().Select(v => FormattableString.Invariant($"M{X(v):F2} 4V16")))}\"/>");
            if (published && row.Cell.Published is { } other)
            {
                body.Append(CultureInfo.InvariantCulture, $"<path class=\"published\" d=\"M{X(other.F1):F2} 0V20\"/>");
            }

            if (CellCondition.Mean(f1) is { } mean)
            {
                body.Append(CultureInfo.InvariantCulture, $"<path class=\"mean\" d=\"M{X(mean):F2} 1V19\"/>");
            }

            body.Append(CultureInfo.InvariantCulture, $"</svg></dd><dd class=\"value\">{AblationText.Figure(CellCondition.Mean(f1))}</dd>");
        }

        body.Append(CultureInfo.InvariantCulture, $"<dt></dt><dd class=\"scale\"><span>{low:F2}</span><span>{high:F2}</span></dd><dd></dd></dl>");
        body.Append(CultureInfo.InvariantCulture, $"<ul class=\"legend\"><li><span class=\"swatch thin\"></span>a seed</li><li><span class=\"swatch thick\"></span>mean of the seeds</li>{(published ? "<li><span class=\"swatch dashed\"></span>published, one run</li>" : "")}</ul></div>\n");
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
