using System.Globalization;
using System.Text;
using ActorCluster.Core;
using ActorCluster.Core.Scoring;
using static ActorCluster.Training.Evaluation.EvaluationText;
using static ActorCluster.Training.ReportText;

namespace ActorCluster.Training.Evaluation;

/// <summary><c>report.md</c>: the tables of an evaluation.</summary>
internal static class EvaluationMarkdown
{
    /// <summary>Writes the file.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="name">What was evaluated.</param>
    /// <param name="result">What was found.</param>
    /// <param name="facts">What else to say.</param>
    public static void Write(Stream stream, string name, EvaluationResult result, IReadOnlyList<(string Name, string Text)> facts)
    {
        var text = new StringBuilder();
        var all = result.Smoothed.All;
        Line($"# Evaluation of {MarkdownCell(name)}\n");
        Line($"{result.PerVideo.Length} videos of the {$"{result.Split}".ToLowerInvariant()} set, {all.Score.Frames} labelled frames.\n");
        Table(["", "macro F1", "95 %", "accuracy", "95 %", "macro F1 with face", "accuracy with face"], [
            .. Steps(result).Select(s => Row(s.Name, s.Score)),
            ["Always " + all.BaselineLabel, Figure(all.Baseline.MacroF1), "", Figure(all.Baseline.Accuracy), "", Figure(result.Smoothed.WithFace.Baseline.MacroF1), Figure(result.Smoothed.WithFace.Baseline.Accuracy)],
        ]);
        foreach (var (step, meaning, _) in Steps(result))
        {
            Line($"- {step}: {meaning}.");
        }

        Line($"\nVoting gains {Gain(result.VotingGain.MacroF1)} of macro F1, smoothing {Gain(result.SmoothingGain.MacroF1)}.\n");
        Line("## Classes (smoothed)\n");
        Table(["", "precision", "recall", "F1", "frames"], all.Score.PerClass.Select(c => new[] { $"{c.Expression}", Figure(c.Precision), Figure(c.Recall), Figure(c.F1), $"{c.Support}" }));
        Line("## Confusion (smoothed; rows are labels)\n");
        Table(["", .. Expressions.Names], Expressions.Names.Select((n, k) => new[] { n }.Concat(all.Score.Confusion.Counts.Skip(k * Expressions.Count).Take(Expressions.Count).Select(c => $"{c}")).ToArray()));
        Line($"## With something missing\n\n{Bursts}\n");
        Table(["", "faces hidden", "macro F1", "95 %", "difference", "macro F1 where the face is hidden"], result.Robustness.Select(r => new[]
        {
            r.Condition, r.HiddenFaces.ToString("P1", CultureInfo.InvariantCulture), Figure(r.All.Score.MacroF1), Bounds(r.All.Intervals.MacroF1), Gain(r.Difference.MacroF1), r.Hidden is null ? "" : Figure(r.Hidden.Score.MacroF1),
        }));
        Line($"## Smoothing\n\n{Best(result)}\n");
        Table(["frames", "macro F1, median", "accuracy, median", "macro F1, mean", "accuracy, mean"], result.Smoothing.Select(s => new[] { $"{s.Kernel}", Figure(s.MedianF1), Figure(s.MedianAccuracy), Figure(s.MeanF1), Figure(s.MeanAccuracy) }));
        if (result.Calibration is { } calibration)
        {
            Line($"## Calibration\n\n{EvaluationText.Calibration}\n");
            Table(["", "macro F1", "95 %", "accuracy"], [Short("Smoothed", all), Short("Calibrated", calibration.Calibrated)]);
            Line($"It gains {Gain(calibration.Difference.MacroF1)} of macro F1.\n");
            Table(["fold", "videos", .. Expressions.Names], calibration.Biases.Select((b, f) => new[] { $"{f + 1}", $"{calibration.Folds[f].Length}" }.Concat(b.Select(v => v.ToString("+0.0;-0.0;0", CultureInfo.InvariantCulture))).ToArray()));
        }

        Line("## How\n");
        Table(["", ""], facts.Select(f => new[] { f.Name, f.Text }));
        Line(Footer);
        stream.Write(Encoding.UTF8.GetBytes(text.ToString()));

        void Line(string line) => text.Append(line).Append('\n');

        void Table(IReadOnlyList<string> header, IEnumerable<string[]> rows) => MarkdownTable(text, header, rows);
    }

    private static string[] Row(string name, SystemScore score) => [.. Short(name, score.All), Bounds(score.All.Intervals.Accuracy), Figure(score.WithFace.Score.MacroF1), Figure(score.WithFace.Score.Accuracy)];

    private static string[] Short(string name, PooledScore score) => [name, Figure(score.Score.MacroF1), Bounds(score.Intervals.MacroF1), Figure(score.Score.Accuracy)];
}
