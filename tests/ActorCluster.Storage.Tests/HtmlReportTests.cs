using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ActorCluster.Core;
using ActorCluster.Core.Scoring;

namespace ActorCluster.Storage.Tests;

public sealed partial class HtmlReportTests
{
    private const string Hostile = "</script><img src=x onerror=alert(1)>.mp4";

    [Fact]
    public void Write_HostileTexts_StayTexts()
    {
        var html = Html(RunSamples.Run(RunSamples.Completed(Hostile), RunSamples.Quarantined("<b>b", "<script>cause()</script>", "</pre><img>")) with { Run = "<i>run" });

        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<i>", html, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(html, "<script"));
        Assert.Equal(2, Regex.Count(html, "</script>"));
        using var data = Data(html);
        Assert.Equal(Hostile, data.RootElement.GetProperty("videos")[0].GetProperty("id").GetString());
        Assert.Equal("<script>cause()</script>", data.RootElement.GetProperty("quarantined")[0].GetProperty("cause").GetString());
    }

    [Fact]
    public void Write_AnyRun_NeedsNoNetworkAndAdmitsOnlyItsOwnScript()
    {
        var html = Html(RunSamples.Run(RunSamples.Completed("a")));

        Assert.DoesNotMatch("(?i)(src|href)\\s*=|url\\(|@import|fetch\\(|XMLHttpRequest", html.Replace("link.href = `./", "", StringComparison.Ordinal));
        Assert.DoesNotMatch("(?i)<[^>]+\\son[a-z]+\\s*=|innerHTML|insertAdjacentHTML|document\\.write|eval\\(", html);
        var policy = PolicyPattern().Match(html).Groups[1].Value;
        Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
        Assert.Contains($"style-src {Hash(Between(html, "<style>", "</style>"))}", policy, StringComparison.Ordinal);
        Assert.Contains($"script-src {Hash(Between(html, "<script>", "</script>"))}", policy, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_ScoredRun_CarriesTheConfusionMatrixAndItsNotices()
    {
        var counts = new long[64];
        (counts[0], counts[1], counts[63]) = (5, 2, 3);
        var run = RunSamples.Run(RunSamples.Completed("a")) with { Score = RunScore.Of([new ConfusionMatrix([.. counts])], ["<b>a: the last label was dropped."]) };

        using var data = Data(Html(run));

        var score = data.RootElement.GetProperty("score");
        Assert.Equal(10, score.GetProperty("frames").GetInt64());
        Assert.Equal(0.8, score.GetProperty("accuracy").GetDouble());
        Assert.Equal([5.0, 2, 0], score.GetProperty("confusion")[0].EnumerateArray().Take(3).Select(n => n.GetDouble()));
        Assert.Equal("<b>a: the last label was dropped.", score.GetProperty("notices")[0].GetString());
        using var plain = Data(Html(RunSamples.Run(RunSamples.Completed("a"))));
        Assert.False(plain.RootElement.TryGetProperty("score", out _));
    }

    [Fact]
    public void Write_Twice_GivesTheSameBytes()
    {
        var run = RunSamples.Run(RunSamples.Completed("a"), RunSamples.Quarantined("b", "The file is empty."));
        Assert.Equal(Html(run), Html(run));
    }

    [Fact]
    public void Write_ThousandsOfVideos_DrawsThreeHundredAndStaysSmall()
    {
        var videos = Enumerable.Range(0, 8000)
            .Select(i => RunSamples.Completed($"video-{i:D5}") with { WallSeconds = i % 1000 == 999 ? 100 : 1 }).ToList();
        var asked = new List<string>();

        var html = Html(RunSamples.Run([.. videos]), id =>
        {
            asked.Add(id);
            return PredictionSamples.Make(2000, asked.Count);
        });

        using var data = Data(html);
        Assert.Equal(300, asked.Count);
        Assert.Contains("video-07999", asked);
        Assert.Contains("video-00000", asked);
        Assert.Equal(asked, data.RootElement.GetProperty("videos").EnumerateArray().Select(v => v.GetProperty("id").GetString()!));
        Assert.Equal(7700, data.RootElement.GetProperty("restCount").GetInt32());
        Assert.Equal(5000, data.RootElement.GetProperty("rest").GetArrayLength());
        Assert.InRange(html.Length, 1, (300 * 4500) + (5000 * 160) + 60_000);
    }

    [Fact]
    public void Write_PredictionsMissing_StillListsTheVideo()
    {
        using var data = Data(Html(RunSamples.Run(RunSamples.Completed("a")), _ => null));
        Assert.False(data.RootElement.GetProperty("videos")[0].TryGetProperty("columns", out _));
    }

    [ChromiumFact]
    public async Task Write_InABrowser_DrawsTimelinesAndHostileNamesAsText()
    {
        using var folder = new TempFolder();
        var run = RunSamples.Run(
            RunSamples.Completed(Hostile), RunSamples.Completed("plain"), RunSamples.Quarantined("empty.mp4", "The file is empty.", "<img src=y>"));
        File.WriteAllText(folder["report.html"], Html(run));

        var page = await Chromium.DumpPageAsync(folder["report.html"], folder["profile"]);

        var body = page[page.IndexOf("<main", StringComparison.Ordinal)..page.IndexOf("</main>", StringComparison.Ordinal)];
        Assert.DoesNotContain("<img", body, StringComparison.Ordinal);
        Assert.Contains("<h3>&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;.mp4</h3>", body, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(body, "class=\"timeline\""));
        Assert.InRange(Regex.Count(body, "<path "), 2 * 8, int.MaxValue);
        Assert.Contains("The file is empty.", body, StringComparison.Ordinal);
        Assert.Contains("2 of 3 videos", body, StringComparison.Ordinal);
    }

    [ChromiumFact]
    public async Task Write_PausedRunWithNothingDone_SaysSoInABrowser()
    {
        using var folder = new TempFolder();
        var run = RunSamples.Run(RunSamples.Quarantined("a.mp4", "The file is empty.") with { Status = VideoStatus.Pending }) with
        {
            State = RunState.Paused,
            StateCause = "The disk is full.",
            EndedAt = null,
            Speed = null,
        };
        File.WriteAllText(folder["report.html"], Html(run));

        var page = await Chromium.DumpPageAsync(folder["report.html"], folder["profile"]);

        Assert.Contains("<p class=\"notice\">The disk is full.</p>", page, StringComparison.Ordinal);
        Assert.Contains("0 of 1 video", page, StringComparison.Ordinal);
        Assert.Contains("<footer>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page[page.IndexOf("<main", StringComparison.Ordinal)..page.IndexOf("</main>", StringComparison.Ordinal)], StringComparison.Ordinal);
    }

    private static string Html(RunSummary run) => Html(run, _ => PredictionSamples.Make(300, 9));

    private static string Html(RunSummary run, Func<string, FramePredictions?> predictionsOf)
    {
        using var stream = new MemoryStream();
        HtmlReport.Write(stream, run, predictionsOf);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static JsonDocument Data(string html) =>
        JsonDocument.Parse(Between(html, "<script type=\"application/json\" id=\"data\">", "</script>"));

    private static string Between(string text, string open, string close)
    {
        var start = text.IndexOf(open, StringComparison.Ordinal) + open.Length;
        return text[start..text.IndexOf(close, start, StringComparison.Ordinal)];
    }

    private static string Hash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

    [GeneratedRegex("Content-Security-Policy\" content=\"([^\"]+)\"")]
    private static partial Regex PolicyPattern();
}
