using ActorCluster.Operator.Palettes;

namespace ActorCluster.Operator.Tests.Palettes;

/// <summary>The palettes of nodes, devices and the cluster, on a real node that is alone.</summary>
public sealed class NodePalettesTests(NodePalettesFixture node) : IClassFixture<NodePalettesFixture>
{
    [Fact]
    public void Palettes_EveryCommand_IsDescribedAndADangerousOneIsRecorded()
    {
        Assert.Equal(["run", "video", "node", "gpu", "features", "cluster", "sharding", "log", "actor"], node.Registry.Palettes.Select(p => p.Name));
        foreach (var command in node.Registry.Palettes.SelectMany(p => p.Commands))
        {
            Assert.EndsWith(".", command.Description, StringComparison.Ordinal);
            Assert.All(command.Arguments, a => Assert.EndsWith(".", a.Description, StringComparison.Ordinal));
            Assert.True(command.Danger is null || command.Changes, command.Name);
            Assert.Equal(command.Arguments.Length, command.Arguments.Select(a => a.Name).Distinct().Count());
        }
    }

    [Theory]
    [InlineData("cluster leave 127.0.0.1:1")]
    [InlineData("cluster down 127.0.0.1:1")]
    [InlineData("cluster down-unreachable")]
    [InlineData("features prune -budget 0")]
    public async Task Dangerous_WithoutYes_IsRefused(string command) => Assert.Contains("-yes", (await node.RefusedAsync(command)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("node list", "address")]
    [InlineData("gpu list", "device")]
    [InlineData("cluster show", "address")]
    public async Task Lists_OneNode_HaveItsRow(string command, string field)
    {
        var row = Assert.IsType<CommandAnswer.Row>(Assert.Single(await node.AllAsync(command)));
        Assert.Contains(row.Fields, f => f.Name == field && f.Value is string { Length: > 0 });
        Assert.Equal(node.Address, row.Fields[0].Value);
    }

    [Fact]
    public async Task Gpu_List_AddsUpToAHundredPercent()
    {
        var row = Assert.IsType<CommandAnswer.Row>(Assert.Single(await node.AllAsync("gpu list")));
        string[] parts = ["busy_percent", "decode_percent", "batch_percent", "store_percent", "no_demand_percent", "drained_percent", "paused_percent"];
        Assert.Equal(100, row.Fields.Where(f => parts.Contains(f.Name)).Sum(f => (double)f.Value!), 0.3);
    }

    [Theory]
    [InlineData("node show")]
    [InlineData("gpu show")]
    public async Task Shows_OneNode_HaveItsItem(string command) =>
        Assert.Equal(node.Address, Assert.IsType<CommandAnswer.Item>((await node.AllAsync($"{command} {node.Address}"))[0]).Fields[0].Value);

    [Theory]
    [InlineData("node show")]
    [InlineData("node drain")]
    [InlineData("node undrain")]
    [InlineData("gpu show")]
    [InlineData("cluster leave -yes")]
    [InlineData("cluster down -yes")]
    public async Task Any_UnknownNode_IsRefusedWithTheNearest(string command)
    {
        var refused = await node.RefusedAsync($"{command} {node.Address[..^1]}");
        Assert.Contains($"Members: {node.Address}.", refused.Message, StringComparison.Ordinal);
        Assert.Equal([node.Address], refused.Nearest.AsEnumerable());
    }

    [Fact]
    public async Task Node_DrainAndUndrain_ChangesItsState()
    {
        Assert.Contains("takes nothing new", await LineAsync($"node drain {node.Address}"), StringComparison.Ordinal);
        Assert.Equal("Up, drained", await FieldAsync("node list", "state"));
        Assert.Contains("takes work again", await LineAsync($"node undrain {node.Address}"), StringComparison.Ordinal);
        Assert.Equal("Up", await FieldAsync("node list", "state"));
    }

    [Fact]
    public async Task Node_Slots_AreChangedOrRefusedWithTheBounds()
    {
        Assert.Contains("3 slots instead of 2", await LineAsync($"node slots {node.Address} 3"), StringComparison.Ordinal);
        Assert.Equal(3, await FieldAsync("node list", "slots"));
        Assert.Contains("choose 0 to 64", (await node.RefusedAsync($"node slots {node.Address} 65")).Message, StringComparison.Ordinal);
        await node.AllAsync($"node slots {node.Address} 2");
    }

    [Fact]
    public async Task Cluster_OnlyNode_CannotLeaveOrBeGivenUp()
    {
        Assert.Contains("last coordinator", (await node.RefusedAsync($"cluster leave {node.Address} -yes")).Message, StringComparison.Ordinal);
        Assert.Contains("cluster leave", (await node.RefusedAsync($"cluster down {node.Address} -yes")).Message, StringComparison.Ordinal);
        Assert.Contains("nothing was done", await LineAsync("cluster down-unreachable -yes"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cluster_StatusLeaderAndJoin_TellWhatIsThere()
    {
        Assert.Equal(1, await FieldAsync("cluster status", "members"));
        Assert.Equal(node.Address, await FieldAsync("cluster status", "leader"));
        Assert.Equal(node.Address, await FieldAsync("cluster leader", "oldest_coordinator"));
        Assert.Contains("belongs to this cluster already", await LineAsync($"cluster join {node.Address}"), StringComparison.Ordinal);
        Assert.Contains($"--hostname far --port 4053 --seed {node.Address}", (await node.RefusedAsync("cluster join far:4053")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cluster_Tail_BeginsWithWhatIsAndEndsWhenTheClientGoes()
    {
        using var gone = new CancellationTokenSource(Deadline.After);
        await using var lines = node.Ask("cluster tail", gone.Token).GetAsyncEnumerator();
        Assert.True(await lines.MoveNextAsync());
        Assert.Contains("1 members, 0 unreachable, leader ", Assert.IsType<CommandAnswer.Line>(lines.Current).Text, StringComparison.Ordinal);
        await gone.CancelAsync();
        Assert.False(await lines.MoveNextAsync());
    }

    [Fact]
    public async Task Sharding_NoRuns_HasNoShardsAndNoEntities()
    {
        Assert.Empty(await node.AllAsync("sharding regions"));
        Assert.Empty(await node.AllAsync("sharding shards -region video"));
        Assert.Equal("0 of 0 entities on this node, from 0", await LineAsync("sharding entities run"));
    }

    [Fact]
    public async Task Log_Tail_ShowsWhatIsLoggedMeanwhile()
    {
        using var gone = new CancellationTokenSource(Deadline.After);
        await using var lines = node.Ask("log tail", gone.Token).GetAsyncEnumerator();
        var next = lines.MoveNextAsync().AsTask();
        node.Log.Write("2026 INF something happens");
        Assert.True(await next);
        Assert.Equal("2026 INF something happens", Assert.IsType<CommandAnswer.Line>(lines.Current).Text);
    }

    [Fact]
    public async Task Log_Level_IsToldAndChanged()
    {
        Assert.Equal("This node logs from level information on.", await LineAsync("log level"));
        Assert.Equal("This node logs from level warning on; it was information.", await LineAsync("log level warning"));
        Assert.Equal(Serilog.Events.LogEventLevel.Warning, node.Log.Level.MinimumLevel);
        await node.AllAsync("log level information");
    }

    [Fact]
    public async Task Log_Audit_ListsWhatChangedSomethingTheNewestFirst()
    {
        await node.AllAsync($"node undrain {node.Address}");
        var rows = (await node.AllAsync("log audit -take 5")).Cast<CommandAnswer.Row>().ToList();
        Assert.Contains(rows, r => r.Fields.Any(f => f is { Name: "command", Value: "node undrain" }) && r.Fields.Any(f => f is { Name: "who", Value: "test" }));
    }

    [Fact]
    public async Task Actor_Hierarchy_IsBoundedInDepthAndNumber()
    {
        var all = (await node.AllAsync("actor hierarchy -depth 20 -take 2000")).Cast<CommandAnswer.Row>().ToList();
        Assert.Contains(all, r => r.Fields.Any(f => f is { Name: "path", Value: "/user/node" }) && r.Fields.Any(f => f is { Name: "class", Value: "NodeControlActor" }));
        var guardians = await node.AllAsync("actor hierarchy -depth 0");
        Assert.Equal(3, guardians.Count);
        Assert.EndsWith("more actors are deeper, or beyond the number asked for", Assert.IsType<CommandAnswer.Line>(guardians[^1]).Text, StringComparison.Ordinal);
        Assert.Equal(6, (await node.AllAsync("actor hierarchy -depth 20 -take 5")).Count);
    }

    [Fact]
    public async Task Actor_System_TellsVersions()
    {
        Assert.Equal("1.5.74", await FieldAsync("actor system", "akka"));
        Assert.Contains("actorcluster.pinned-dispatcher: PinnedDispatcher", (string[])(await FieldAsync("actor system", "dispatchers"))!);
    }

    [Fact]
    public async Task Features_StoredVideo_IsListedAndPruned()
    {
        var (encoder, video) = (new string('a', 64), new string('b', 64));
        var folder = Directory.CreateDirectory(Path.Combine(node.Data.Features, encoder, video)).FullName;
        await File.WriteAllBytesAsync(Path.Combine(folder, "000000.safetensors"), new byte[2048]);

        var listed = await node.AllAsync("features list");
        Assert.Equal(2048L, Assert.IsType<CommandAnswer.Row>(listed[0]).Fields.Single(f => f.Name == "bytes").Value);
        Assert.Equal("1 videos, 2 KiB", Assert.IsType<CommandAnswer.Line>(listed[1]).Text);
        Assert.Equal("Removed 0 videos' features, 0 B; 2 KiB remain.", await LineAsync("features prune -budget 2K -yes"));
        Assert.Equal("Removed 1 videos' features, 2 KiB; 0 B remain.", await LineAsync("features prune -budget 1K -yes"));
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task Run_ExplainUnknown_IsRefused() => Assert.Contains("There is no run 'sprin'", (await node.RefusedAsync("run explain sprin")).Message, StringComparison.Ordinal);

    private async Task<string> LineAsync(string command) => Assert.IsType<CommandAnswer.Line>(Assert.Single(await node.AllAsync(command))).Text;

    private async Task<object?> FieldAsync(string command, string field) => (await node.AllAsync(command))[0] switch
    {
        CommandAnswer.Row row => row.Fields.Single(f => f.Name == field).Value,
        CommandAnswer.Item item => item.Fields.Single(f => f.Name == field).Value,
        var other => throw new InvalidOperationException($"{other}"),
    };
}
