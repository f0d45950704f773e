using System.Globalization;
using System.Text;
using ActorCluster.Core;
using ActorCluster.Storage;
using static ActorCluster.Training.ReportText;

namespace ActorCluster.Training;

/// <summary><c>training.html</c>: the course of a training as one self-contained page without scripts.</summary>
internal static class TrainingReport
{
    /// <summary>Writes the page.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="name">The training's name.</param>
    /// <param name="epochs">Its epochs, at least one.</param>
    /// <param name="epochsAtMost">How many it may have.</param>
    /// <param name="facts">What else to say, as names and texts.</param>
    public static void Write(Stream stream, string name, IReadOnlyList<EpochResult> epochs, int epochsAtMost, IReadOnlyList<(string Name, string Text)> facts)
    {
        var best = epochs.Last(e => e.Best);
        int[] numbers = [.. epochs.Select(e => e.Epoch)];
        var body = new StringBuilder();
        body.Append(CultureInfo.InvariantCulture, $"<p class=\"mark\">ActorCluster training</p><h1>{Html(name)}</h1>\n");
        body.Append(CultureInfo.InvariantCulture, $"<p class=\"introduction\">{epochs.Count} of at most {epochsAtMost} epochs {(epochs.Count == 1 ? "is" : "are")} done. Epoch <b>{best.Epoch}</b> is the best so far and is kept.</p>\n");
        body.Append("<dl class=\"tiles\">");
        Tile(body, "Macro F1", Figure(best.Validation.SmoothedF1), $"voted alone {Figure(best.Validation.VotedF1)}");
        Tile(body, "Accuracy", Figure(best.Validation.Accuracy), $"{best.Validation.Frames:N0} labelled frames");
        Tile(body, "Validation loss", Figure(best.Validation.Loss), $"training {Figure(best.TrainLoss)}");
        Tile(body, "Speed", epochs[^1].WindowsPerSecond.ToString("F1", CultureInfo.InvariantCulture), "training windows a second");
        Tile(body, "Time", Duration(epochs.Sum(e => e.Seconds)), $"{Duration(epochs.Average(e => e.Seconds))} an epoch");
        body.Append("</dl>\n<h2>Course <small>by epoch; the dashed line is the best one</small></h2>\n<div class=\"charts\">\n");
        body.Append(new LineChart("Loss", "epoch", numbers, [("training", "line-accent", Values(e => e.TrainLoss)), ("validation", "line-bad", Values(e => e.Validation.Loss))], best.Epoch, "F4").ToHtml());
        body.Append(new LineChart(
            "Macro F1",
            "epoch",
            numbers,
            [
                ("smoothed", "line-accent", Values(e => e.Validation.SmoothedF1)),
                ("voted", "line-bad", Values(e => e.Validation.VotedF1)),
                ("single windows", "line-muted", Values(e => e.Validation.WindowF1)),
            ],
            best.Epoch,
            "F4",
            (0, 1)).ToHtml());
        body.Append(new LineChart(
            "F1 of each class", "epoch", numbers, [.. Expressions.Names.Select((n, k) => (n, $"line-{k}", Values(e => e.Validation.PerClassF1[k])))], best.Epoch, "F4", (0, 1)).ToHtml());
        body.Append(new LineChart("Learning rate at the end of the epoch", "epoch", numbers, [("learning rate", "line-accent", Values(e => e.LearningRate))], best.Epoch, "G4").ToHtml());
        body.Append("</div>\n<h2>Epochs</h2>\n<div class=\"panel wide\"><table><thead><tr><th>Epoch</th><th>Training loss</th><th>Validation loss</th><th>F1 windows</th><th>F1 voted</th><th>F1 smoothed</th><th>Accuracy</th><th>Windows/s</th><th>Time</th></tr></thead><tbody>\n");
        foreach (var e in epochs)
        {
            string[] cells = [$"{e.Epoch}", Figure(e.TrainLoss), Figure(e.Validation.Loss), Figure(e.Validation.WindowF1), Figure(e.Validation.VotedF1), Figure(e.Validation.SmoothedF1), Figure(e.Validation.Accuracy), e.WindowsPerSecond.ToString("F1", CultureInfo.InvariantCulture), Duration(e.Seconds)];
            body.Append(CultureInfo.InvariantCulture, $"<tr{(e == best ? " class=\"best\"" : "")}>{string.Concat(cells.Select(c => $"<td>{c}</td>"))}</tr>\n");
        }

        body.Append("</tbody></table></div>\n<h2>Training</h2>\n");
        Facts(body, facts);
        body.Append("<footer><p>Macro F1 is the mean over eight classes on the pooled labelled frames of the validation videos; a class that does not occur counts as 0. Smoothed predictions are what inference publishes: soft voting, median filter, imputation.</p></footer>");
        HtmlPage.Write(stream, $"{name} · ActorCluster training", Style("training.css"), body.ToString());

        IReadOnlyList<double> Values(Func<EpochResult, double> of) => [.. epochs.Select(of)];
    }

    private static string Duration(double seconds) => FormattableString.Invariant(
        seconds < 100 ? $"{seconds:0.#} s" : seconds < 6000 ? $"{seconds / 60:0.#} min" : (FormattableString)$"{seconds / 3600:0.#} h");
}
