using System.Text.Json.Nodes;

namespace ActorCluster.Node.Tests;

public sealed class NodeCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("actorcluster-node-").FullName;

    [Fact]
    public async Task PrintConfig_FileEnvironmentAndSwitches_TellsWhereEachComesFrom()
    {
        var file = Path.Combine(_folder, "node.json");
        await File.WriteAllTextAsync(file, """{"slots": 3, "decode_slots": 4, "port": 1, "data": "shared", "state": "Host=db;Password=hunter22"}""");

        var result = (await ActorClusterProcess.RunAsync(
            ["node", "--print-config", "--config", file, "--port", "3", "--seed", "127.0.0.1:4053", "127.0.0.2:4053", "--operator-port", "-1"],
            environment: new Dictionary<string, string>
            {
                ["ACTORCLUSTER__PORT"] = "2",
                ["ACTORCLUSTER__DECODE_SLOTS"] = "5",
                ["ACTORCLUSTER__OPERATOR__TOKEN"] = "hunter33-0123456",
                ["ACTORCLUSTER__TIMERS__DRAIN_SECONDS"] = "7.5",
                ["ACTORCLUSTER__HOSTNAME"] = "", // Passed on empty by a supervisor: not set.
                ["ACTORCLUSTER_MODELS"] = _folder,
            })).Expect(0);

        var config = JsonNode.Parse(result.Output)!;
        Assert.Equal(("3", "switch --port"), Of("port"));
        Assert.Equal(("5", "environment ACTORCLUSTER__DECODE_SLOTS"), Of("decode_slots"));
        Assert.Equal(("3", $"file {file}"), Of("slots"));
        Assert.Equal(("127.0.0.1", "default"), Of("hostname"));
        Assert.Equal(("7.5", "environment ACTORCLUSTER__TIMERS__DRAIN_SECONDS"), Of("timers.drain_seconds"));
        Assert.Equal(("-1", "switch --operator-port"), Of("operator.port"));
        Assert.Equal((Path.Combine(_folder, "shared"), $"file {file}"), Of("data"));
        Assert.Equal((_folder, "environment ACTORCLUSTER_MODELS"), Of("models"));
        Assert.Equal("[\"127.0.0.1:4053\",\"127.0.0.2:4053\"]", config["seeds"]!["value"]!.ToJsonString());
        Assert.Equal("***", Of("operator.token").Value);
        Assert.DoesNotContain("hunter", result.ToString());
        Assert.False(Directory.Exists(Path.Combine(_folder, "shared")), "printing the settings starts nothing");

        (string Value, string From) Of(string key) => (config[key]!["value"]!.ToString(), config[key]!["from"]!.GetValue<string>());
    }

    [Fact]
    public async Task Node_WrongSettings_AreAllTold()
    {
        var result = (await ActorClusterProcess.RunAsync(
            ["node", "--port", "x", "--slots", "0", "--seed", "127.0.0.1:4053", "--data", _folder],
            environment: new Dictionary<string, string> { ["ACTORCLUSTER__TIMERS__STABLE_AFTER_SECONDS"] = "5x", ["ACTORCLUSTER__SLOT"] = "3" })).Expect(2);

        Assert.Contains("5 settings are wrong:", result.Error);
        Assert.Contains("  timers.stable_after_seconds: '5x' is no number of seconds between 1 and 600 (from the environment)\n", result.Error);
        Assert.Contains("  slot: there is no such setting (from the environment); the nearest is slots\n", result.Error);
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData("--device cpu --device cuda:0", "one process per device")]
    [InlineData("--device cuda:0 cuda:1", "one process per device")]
    [InlineData("--operator-token 0123456789abcdef", "--operator-token")]
    [InlineData("--slots 1 --slots 2", "--slots")]
    [InlineData("--prot 1", "--prot")]
    [InlineData("--config /nowhere.json", "The settings file '/nowhere.json' cannot be used")]
    public async Task Node_WrongCommandLine_IsRefused(string arguments, string says)
    {
        var result = (await ActorClusterProcess.RunAsync(["node", "--data", _folder, .. arguments.Split(' ')])).Expect(2);

        Assert.Contains(says, result.Error);
    }

    [Fact]
    public async Task Node_NoDeviceOfThatName_EndsWithTheEnvironmentsCode() =>
        Assert.Contains("cuda:200", (await ActorClusterProcess.RunAsync(["node", "--device", "cuda:200", "--data", _folder])).Expect(1).Error);

    [Fact]
    public async Task Node_StateNotReachable_NamesItWithoutItsPassword()
    {
        var result = (await ActorClusterProcess.RunAsync(
            ["node", "--seed", "127.0.0.1:4053", "--data", _folder, "--operator-port", "0", "--state", "Host=127.0.0.1;Port=1;Database=d;Username=u;Password=hunter22;Timeout=2"])).Expect(1);

        Assert.Contains("127.0.0.1:1", result.Error);
        Assert.DoesNotContain("hunter22", result.ToString());
    }

    [Theory]
    [InlineData("node", "--seed", "--print-config", "ACTORCLUSTER__DECODE_SLOTS", "Exit codes: 0 left")]
    [InlineData("run", "submit", "watch", "list", "resume", "ACTORCLUSTER_TOKEN")]
    [InlineData("run submit", "--node", "-watch", "-pipeline", "-format", "--json")]
    [InlineData("run watch", "--node", "Ctrl-C stops watching", "--json")]
    [InlineData("pbm", "host-1:9110", "--ca", "ACTORCLUSTER_TOKEN")]
    public async Task Help_OfEachVerb_TellsTheEssentials(string verb, params string[] says)
    {
        var result = (await ActorClusterProcess.RunAsync([.. verb.Split(' '), "--help"])).Expect(0);

        Assert.All(says, text => Assert.Contains(text, result.Output));
    }

    [Theory]
    [InlineData("actorcluster ", "process", "node", "run")]
    [InlineData("actorcluster run ", "submit", "watch", "list", "resume")]
    [InlineData("actorcluster node --roles ", "coordinator", "worker", "gpu")]
    [InlineData("actorcluster process x --format ", "csv", "parquet", "both")]
    public async Task Suggest_OfAnUnfinishedLine_GivesWhatFits(string line, params string[] words)
    {
        var result = (await ActorClusterProcess.RunAsync([$"[suggest:{line.Length}]", line])).Expect(0);

        Assert.Subset(result.Output.Split('\n').ToHashSet(), words.ToHashSet());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
