using System.Globalization;
using System.Text;
using ActorCluster.Core;
using ActorCluster.Core.Scoring;
using ActorCluster.Storage;
using static ActorCluster.Training.Evaluation.EvaluationText;
using static ActorCluster.Training.ReportText;

namespace ActorCluster.Training.Evaluation;

/// <summary><c>evaluation.html</c>: an evaluation as one self-contained page without scripts.</summary>
internal static class EvaluationPage
{
    private const int HeatSteps = 10;

    /// <summary>Writes the page.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="name">What was evaluated.</param>
    /// <param name="result">What was found.</param>
    /// <param name="facts">What else to say.</param>
    public static void Write(Stream stream, string name, EvaluationResult result, IReadOnlyList<(string Name, string Text)> facts)
    {
        var body = new StringBuilder();
        Top(body, name, result);
        body.Append("<h2>From windows to predictions</h2>\n");
        StepsTable(body, result);
        body.Append("<div class=\"halves\"><section><h2>Classes <small>F1</small></h2><div class=\"panel\">");
        var all = result.Smoothed.All;
        ScoreBars.Write(body, all.Score.PerClass.Select(c => ($"{c.Expression}", $"line-{(int)c.Expression}", c.F1, (ConfidenceInterval?)null, "")));
        body.Append("</div></section><section><h2>Precision and recall</h2>\n");
        HtmlTable(body, ["", "Precision", "Recall", "F1", "Frames"], all.Score.PerClass.Select(c => (string[])[$"{c.Expression}", Figure(c.Precision), Figure(c.Recall), Figure(c.F1), Count(c.Support)]));
        body.Append("</section></div>\n<h2>Confusion <small>share of each label's frames; rows are labels, columns predictions</small></h2>\n");
        Heat(body, all.Score.Confusion);
        body.Append(CultureInfo.InvariantCulture, $"<h2>With something missing <small>macro F1</small></h2>\n<div class=\"panel\">");
        ScoreBars.Write(body, result.Robustness.Select((r, i) => (r.Condition, i == 0 ? "line-accent" : "line-muted", r.All.Score.MacroF1, (ConfidenceInterval?)r.All.Intervals.MacroF1, Bounds(r.All.Intervals.MacroF1))));
        body.Append(CultureInfo.InvariantCulture, $"<p class=\"more\">{Bursts} The thin lines are 95 % intervals.</p></div>\n");
        HtmlTable(body, ["", "Faces hidden", "Macro F1", "Difference", "Macro F1 where the face is hidden", "Frames there"], result.Robustness.Select(r => (string[])[r.Condition, r.HiddenFaces.ToString("P1", CultureInfo.InvariantCulture), Figure(r.All.Score.MacroF1), r.HiddenFaces == 0 && r == result.Robustness[0] ? "" : Gain(r.Difference.MacroF1), r.Hidden is null ? "" : Figure(r.Hidden.Score.MacroF1), r.Hidden is null ? "" : Count(r.Hidden.Score.Frames)]));
        Smoothing(body, result);
        if (result.Calibration is { } calibration)
        {
            Calibrated(body, result, calibration);
        }

        body.Append("<h2>How</h2>\n");
        Facts(body, facts);
        body.Append(CultureInfo.InvariantCulture, $"<footer><p>{Footer}</p></footer>");
        HtmlPage.Write(stream, $"{name} · ActorCluster evaluation", Style("training.css") + Style("evaluation.css"), body.ToString());
    }

    private static void Top(StringBuilder body, string name, EvaluationResult result)
    {
        var (all, face) = (result.Smoothed.All, result.Smoothed.WithFace);
        body.Append(CultureInfo.InvariantCulture, $"<p class=\"mark\">ActorCluster evaluation</p><h1>{Html(name)}</h1>\n");
        body.Append(CultureInfo.InvariantCulture, $"<p class=\"introduction\">A macro F1 of <b>{Figure(all.Score.MacroF1)}</b> on the {$"{result.Split}".ToLowerInvariant()} set, with 95 % confidence {Bounds(all.Intervals.MacroF1)}. Always saying {all.BaselineLabel} would have {Figure(all.Baseline.MacroF1)}.</p>\n<dl class=\"tiles\">");
        Tile(body, "Macro F1", Figure(all.Score.MacroF1), Bounds(all.Intervals.MacroF1));
        Tile(body, "Accuracy", Figure(all.Score.Accuracy), Bounds(all.Intervals.Accuracy));
        Tile(body, "With a face", Figure(face.Score.MacroF1), $"accuracy {Figure(face.Score.Accuracy)}");
        Tile(body, $"Always {all.BaselineLabel}", Figure(all.Baseline.MacroF1), $"accuracy {Figure(all.Baseline.Accuracy)}");
        Tile(body, "Labelled frames", Count(all.Score.Frames), $"{Count(result.PerVideo.Length)} videos, {Count(face.Score.Frames)} frames with a face");
        body.Append("</dl>\n");
    }

    private static void StepsTable(StringBuilder body, EvaluationResult result)
    {
        var (all, face) = (result.Smoothed.All, result.Smoothed.WithFace);
        List<string[]> rows = [.. Steps(result).Select(s => (string[])[s.Name, Figure(s.Score.All.Score.MacroF1), Bounds(s.Score.All.Intervals.MacroF1), Figure(s.Score.All.Score.Accuracy), Bounds(s.Score.All.Intervals.Accuracy), Figure(s.Score.WithFace.Score.MacroF1), Figure(s.Score.WithFace.Score.Accuracy)])];
        rows.Add([$"Always {all.BaselineLabel}", Figure(all.Baseline.MacroF1), "", Figure(all.Baseline.Accuracy), "", Figure(face.Baseline.MacroF1), Figure(face.Baseline.Accuracy)]);
        HtmlTable(body, ["", "Macro F1", "95 %", "Accuracy", "95 %", "Macro F1, face", "Accuracy, face"], rows);
        body.Append("<dl class=\"facts meanings\">");
        foreach (var (step, meaning, _) in Steps(result))
        {
            body.Append(CultureInfo.InvariantCulture, $"<dt>{step}</dt><dd>{meaning}.</dd>");
        }

        body.Append(CultureInfo.InvariantCulture, $"<dt>Voting gains</dt><dd>{Gain(result.VotingGain.MacroF1)} of macro F1</dd><dt>Smoothing gains</dt><dd>{Gain(result.SmoothingGain.MacroF1)}</dd></dl>\n");
    }

    private static void Heat(StringBuilder body, ConfusionMatrix confusion)
    {
        body.Append(CultureInfo.InvariantCulture, $"<div class=\"panel wide\"><table class=\"heat\"><thead><tr><th></th>{string.Concat(Expressions.Names.Select(n => $"<th>{n}</th>"))}</tr></thead><tbody>\n");
        foreach (var label in Enum.GetValues<Expression>())
        {
            body.Append(CultureInfo.InvariantCulture, $"<tr><th>{label}</th>");
            var support = confusion.Support(label);
            foreach (var prediction in Enum.GetValues<Expression>())
            {
                var count = confusion[label, prediction];
                var share = support == 0 ? 0 : (double)count / support;
                body.Append(CultureInfo.InvariantCulture, $"<td class=\"heat-{(int)Math.Ceiling(share * HeatSteps)}\">{(support == 0 ? "" : share.ToString("P0", CultureInfo.InvariantCulture))}<small>{Count(count)}</small></td>");
            }

            body.Append("</tr>\n");
        }

        body.Append("</tbody></table></div>\n");
    }

    private static void Smoothing(StringBuilder body, EvaluationResult result)
    {
        var sweep = result.Smoothing;
        int[] kernels = [.. sweep.Select(s => s.Kernel)];
        body.Append("<h2>Smoothing <small>by the filter's width in frames; the dashed line is the one in use</small></h2>\n<div class=\"charts\">\n");
        Chart("Macro F1", s => s.MedianF1, s => s.MeanF1);
        Chart("Accuracy", s => s.MedianAccuracy, s => s.MeanAccuracy);
        body.Append(CultureInfo.InvariantCulture, $"</div>\n<p class=\"more\">{Best(result)}</p>\n");

        void Chart(string title, Func<SmoothingScore, double> median, Func<SmoothingScore, double> mean)
        {
            double[] values = [.. sweep.Select(median), .. sweep.Select(mean)];
            body.Append(new LineChart(
                title,
                "width",
                kernels,
                [("median", "line-accent", [.. sweep.Select(median)]), ("moving average", "line-bad", [.. sweep.Select(mean)])],
                result.Settings.Voting.MedianKernel,
                "F4",
                (values.Min(), values.Max())).ToHtml());
        }
    }

    private static void Calibrated(StringBuilder body, EvaluationResult result, CalibrationScore calibration)
    {
        body.Append("<h2>Calibration</h2>\n");
        HtmlTable(body, ["", "Macro F1", "95 %", "Accuracy", "95 %"], new[] { ("Smoothed", result.Smoothed.All), ("Calibrated", calibration.Calibrated) }.Select(s => (string[])
            [s.Item1, Figure(s.Item2.Score.MacroF1), Bounds(s.Item2.Intervals.MacroF1), Figure(s.Item2.Score.Accuracy), Bounds(s.Item2.Intervals.Accuracy)]));
        body.Append(CultureInfo.InvariantCulture, $"<p class=\"more\">{Calibration} It gains {Gain(calibration.Difference.MacroF1)} of macro F1.</p>\n");
        HtmlTable(body, ["Fold", .. Expressions.Names, "Videos"], calibration.Biases.Select((b, f) => (string[])[$"{f + 1}", .. b.Select(v => v.ToString("+0.0;−0.0;0", CultureInfo.InvariantCulture)), $"{calibration.Folds[f].Length}"]));
    }

    private static string Count(long n) => n.ToString("N0", CultureInfo.InvariantCulture);
}
