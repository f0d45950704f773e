using System.Text.Json.Nodes;
using Serilog;

namespace ActorCluster.Node.Tests;

public sealed class NodeLogTests
{
    [Fact]
    public void Write_AsJson_IsOneObjectWithoutSecretsOrControlCharacters()
    {
        using var text = new StringWriter();
        using (var log = new LoggerConfiguration().WriteTo.Sink(new NodeLog(text, ["hunter22"], json: true)).CreateLogger())
        {
            log.ForContext("Run", "spring hunter22").ForContext("Video", "red \u001b[31m\n").Warning(new InvalidOperationException("hunter22\n\u001b"), "{Source}: {Text}", "[akka://a]", "video 'red \u001b[31m\r\n' hunter22 \u202e {Name}");
            log.Information("node: drains within {Seconds} s", 20);
        }

        var lines = text.ToString().TrimEnd('\n').Split('\n');
        Assert.DoesNotContain(text.ToString(), c => c != '\n' && char.IsControl(c));
        var first = JsonNode.Parse(lines[0])!.AsObject();
        Assert.Equal(["time", "level", "message", "run", "source", "video", "exception"], first.Select(p => p.Key));
        Assert.Equal(("WRN", "spring ***", "red \uFFFD[31m "), (first["level"]!.GetValue<string>(), first["run"]!.GetValue<string>(), first["video"]!.GetValue<string>()));
        Assert.Equal("video 'red \uFFFD[31m  ' *** \uFFFD {Name}", first["message"]!.GetValue<string>());
        Assert.StartsWith("System.InvalidOperationException: *** \uFFFD", first["exception"]!.GetValue<string>(), StringComparison.Ordinal);
        var second = JsonNode.Parse(lines[1])!.AsObject();
        Assert.Equal(("node: drains within 20 s", "20"), (second["message"]!.GetValue<string>(), second["seconds"]!.GetValue<string>()));
    }

    [Fact]
    public void Write_AnyEvent_IsOneLineWithoutSecretsOrControlCharacters()
    {
        using var text = new StringWriter();
        using (var log = new LoggerConfiguration().WriteTo.Sink(new NodeLog(text, ["hunter22", "hunter22-longer", "x"])).CreateLogger())
        {
            log.Warning(new InvalidOperationException("first hunter22\nsecond \u001b[31m"), "{Source}: {Text}", "[akka://a]", "video 'red \u001b[31m\r\n2026 ERR forged' hunter22-longer \u009b1m \u2028 \u202e {Name}");
        }

        var line = Assert.Single(text.ToString().TrimEnd('\n').Split('\n'));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z WRN \[akka://a\]: video 'red ", line);
        Assert.Contains("{Name} | System.InvalidOperationException: first *** second", line);
        Assert.DoesNotContain(line, c => char.IsControl(c) || c is '\u2028' or '\u202e');
        Assert.DoesNotContain("hunter22", line);
        Assert.Contains("forged' *** ", line);
    }
}
