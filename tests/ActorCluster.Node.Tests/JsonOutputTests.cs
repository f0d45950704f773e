using System.Text.Json;

namespace ActorCluster.Node.Tests;

public sealed class JsonOutputTests
{
    [Fact]
    public async Task Process_Json_PrintsOneObjectAndNothingElse()
    {
        using var sandbox = new Sandbox();
        sandbox.Add((await Clips.ShortAsync())[0], "good.mp4");
        await File.WriteAllBytesAsync(Path.Combine(sandbox.Videos, "empty.mp4"), []);

        var result = (await ActorClusterProcess.RunAsync(sandbox.Process("--json"))).Expect(3);

        using var json = JsonDocument.Parse(result.Output); // Refuses anything after the object, too.
        var root = json.RootElement;
        Assert.Equal(("test", "completed", 3), (root.GetProperty("run").GetString(), root.GetProperty("state").GetString(), root.GetProperty("exit_code").GetInt32()));
        var counts = root.GetProperty("counts");
        Assert.Equal([2, 1, 1, 0], new[] { "registered", "completed", "quarantined", "cancelled" }.Select(name => counts.GetProperty(name).GetInt32()));
        Assert.Equal(Clips.Rate, root.GetProperty("frames").GetInt64());
        Assert.True(root.GetProperty("speed").GetProperty("ratio").GetDouble() > 0);
        Assert.All(["summary", "quarantine", "report"], name => Assert.True(File.Exists(root.GetProperty(name).GetString())));
        Assert.True(Directory.Exists(root.GetProperty("predictions").GetString()));
        Assert.Contains("2 registered = 1 completed + 1 quarantined + 0 cancelled", result.Error);
        Assert.DoesNotContain('\u001b', result.Output + result.Error);
    }

    [Fact]
    public async Task Process_JsonInterrupted_PrintsOneObject()
    {
        using var sandbox = new Sandbox();
        sandbox.AddAll((await Clips.LongAsync())[..1]);
        using var process = ActorClusterProcess.Start(sandbox.Process("--json", "--pipeline", sandbox.OneSecondChunks(), "--slots", "1"), environment: HeldBack.BeforeItsEnd("long-0"));
        await process.UntilAsync(() => sandbox.StoredUnits > 0, "it is at work");

        process.Interrupt();
        var result = (await process.EndAsync()).Expect(130);

        using var json = JsonDocument.Parse(result.Output);
        Assert.Equal("interrupted", json.RootElement.GetProperty("state").GetString());
    }

    [Fact]
    public async Task Process_Piped_PrintsPlainLines()
    {
        using var sandbox = new Sandbox();
        sandbox.Add((await Clips.ShortAsync())[0], "red \u001b[31m.mp4");

        var result = (await ActorClusterProcess.RunAsync(sandbox.Process())).Expect(0);

        Assert.DoesNotContain(result.Output + result.Error, c => char.IsControl(c) && c != '\n');
        Assert.All(result.Output.TrimEnd('\n').Split('\n'), line => Assert.NotEmpty(line));
    }
}
