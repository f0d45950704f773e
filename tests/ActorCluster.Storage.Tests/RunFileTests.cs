using System.Text;
using System.Text.Json;

namespace ActorCluster.Storage.Tests;

public sealed class RunFileTests
{
    [Fact]
    public void RunSummaryJson_Written_ReadsBackEqualAndInSnakeCase()
    {
        var summary = RunSamples.Run(RunSamples.Completed("a \"quoted\" día.mp4"), RunSamples.Quarantined("b", "The file is empty.", "line 1", "line 2"));
        using var stream = new MemoryStream();

        RunSummaryJson.Write(stream, summary);

        using var json = JsonDocument.Parse(stream.ToArray());
        var root = json.RootElement;
        Assert.Equal("completed", root.GetProperty("state").GetString());
        Assert.Equal(2, root.GetProperty("counts").GetProperty("registered").GetInt64());
        Assert.Equal(0.954, root.GetProperty("speed").GetProperty("ratio").GetDouble());
        var quarantined = root.GetProperty("videos")[1];
        Assert.Equal("quarantined", quarantined.GetProperty("status").GetString());
        Assert.Equal("line 2", quarantined.GetProperty("fault").GetProperty("tool_output")[1].GetString());
        Assert.Equal("2026-03-04T10:20:30+00:00", root.GetProperty("started_at").GetString());

        stream.Position = 0;
        using var again = new MemoryStream();
        RunSummaryJson.Write(again, RunSummaryJson.Read(stream));
        Assert.Equal(stream.ToArray(), again.ToArray());
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"run":null}""")]
    public void RunSummaryJson_NotASummary_IsRefused(string json) =>
        Assert.Throws<JsonException>(() => RunSummaryJson.Read(new MemoryStream(Encoding.UTF8.GetBytes(json))));

    [Fact]
    public void QuarantineCsv_HostileTexts_AreQuotedAndNeutralised()
    {
        using var stream = new MemoryStream();

        QuarantineCsv.Write(stream,
        [
            RunSamples.Completed("fine.mp4"),
            RunSamples.Quarantined("=cmd|' /C calc'!A0", "Says \"no\", twice.", "one", "two"),
            RunSamples.Quarantined("-x.mp4", "The file is empty."),
        ]);

        Assert.Equal(
            "id,uri,stage,cause,attempts,tool_output\r\n" +
            "'=cmd|' /C calc'!A0,/videos/=cmd|' /C calc'!A0,probe,\"Says \"\"no\"\", twice.\",1,\"one\ntwo\"\r\n" +
            "'-x.mp4,/videos/-x.mp4,probe,The file is empty.,1,\r\n",
            Encoding.UTF8.GetString(stream.ToArray()));
    }
}
