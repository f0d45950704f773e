using Serilog;

namespace ActorCluster.Node.Tests;

public sealed class NodeLogTests
{
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
