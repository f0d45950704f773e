using System.Text.Json.Nodes;
using ActorCluster.Core.Scoring;
using ActorCluster.Training.Evaluation;

namespace ActorCluster.Training.Tests.Evaluation;

[Collection(nameof(TrainedSynthetic))]
public sealed class EvaluationReportTests(TrainedSynthetic trained)
{
    private const string Name = "a | <b>&";

    [Fact]
    public void Write_AResult_JsonHasScoresInTheOneShape()
    {
        using var folder = new TempFolder();
        var (result, files) = Write(folder);
        var json = JsonNode.Parse(File.ReadAllText(files.Json))!;
        foreach (var (key, score) in new[] { ("raw", result.Raw), ("voted", result.Voted), ("smoothed", result.Smoothed) })
        {
            Assert.True(JsonNode.DeepEquals(ScoreJson.Of(score.All, score.WithFace), json[key]), key);
        }

        Assert.Equal((7, 7, "test"), (json["videos"]!.GetValue<int>(), json["per_video"]!.AsArray().Count, json["set"]!.GetValue<string>()));
        Assert.Equal(result.Robustness[3].All.Score.MacroF1, json["robustness"]![3]!["score"]!["macro_f1"]!.GetValue<double>());
        Assert.Null(json["robustness"]![0]!["score_of_hidden"]);
        Assert.Equal(result.BestMedian.Kernel, json["smoothing"]!["best_kernel"]!.GetValue<int>());
        Assert.Equal(result.Settings.Kernels.ToArray(), json["smoothing"]!["sweep"]!.AsArray().Select(s => s!["kernel"]!.GetValue<int>()));
        Assert.Equal(5, json["calibration"]!["folds"]!.AsArray().Count);
        Assert.Equal("at 0.5 s", json["facts"]!["Voting"]!.GetValue<string>());
    }

    [Fact]
    public void Write_AResult_PageAsksNobodyAndShowsTextAsText()
    {
        using var folder = new TempFolder();
        var (result, files) = Write(folder);
        var page = File.ReadAllText(files.Page);
        Assert.All(["http:", "https:", "//", "src=", "href=", "url(", "@import", "<script", "style=", "<b>&"], text => Assert.DoesNotContain(text, page, StringComparison.OrdinalIgnoreCase));
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        Assert.Contains("<h1>a | &lt;b&gt;&amp;</h1>", page, StringComparison.Ordinal);
        Assert.Equal(64, Count(page, "<td class=\"heat-"));
        Assert.Equal(2, Count(page, "<svg viewBox=\"0 0 480 230\""));
        Assert.Equal(8 + result.Robustness.Length, Count(page, "<svg viewBox=\"0 0 100 14\""));
        Assert.Contains("chosen on this very set", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_AResult_MarkdownHasWholeTables()
    {
        using var folder = new TempFolder();
        var (result, files) = Write(folder);
        var lines = File.ReadAllLines(files.Markdown);
        Assert.Equal("# Evaluation of a \\| &lt;b>&", lines[0]);
        Assert.Contains("chosen on this very set", string.Join('\n', lines), StringComparison.Ordinal);
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith('|') && i > 0 && lines[i - 1].StartsWith('|'))
            {
                Assert.Equal(Count(lines[i - 1], "|"), Count(lines[i], "|"));
            }
        }

        Assert.Contains(lines, l => l.StartsWith($"| Smoothed | {result.Smoothed.All.Score.MacroF1.ToString("F4", System.Globalization.CultureInfo.InvariantCulture)} |", StringComparison.Ordinal));
    }

    private (EvaluationResult Result, EvaluationFolder Files) Write(TempFolder folder)
    {
        var result = trained.Tested;
        var files = new EvaluationFolder(folder.File("out"));
        files.Write(Name, result, [("Voting", "at 0.5 s")]);
        return (result, files);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
