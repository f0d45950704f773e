using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace ActorCluster.Node.Tests;

/// <summary>A real node of all roles with its state in SQLite, and the commands that talk to it.</summary>
public sealed partial class NodeTests
{
    [Fact]
    public async Task Node_RunSubmittedAndWatched_GivesWhatProcessGives()
    {
        using var sandbox = new Sandbox();
        sandbox.AddAll((await Clips.ShortAsync())[..2]);
        await File.WriteAllBytesAsync(Path.Combine(sandbox.Videos, "empty.mp4"), []);
        (await ActorClusterProcess.RunAsync(sandbox.Process())).Expect(3);
        var expected = sandbox.Predictions();
        sandbox.Data = sandbox.InFolder("node-data");

        using var node = ActorClusterProcess.Start(["node", "--data", sandbox.Data, "--operator-port", "0"]);
        var address = await UpAsync(node);
        var submitted = (await ActorClusterProcess.RunAsync(["run", "submit", sandbox.Videos, "--run", "test", "--watch", "--node", address])).Expect(3);

        Assert.Contains("3 registered = 2 completed + 1 quarantined + 0 cancelled", submitted.Output);
        Assert.Equal(expected, sandbox.Predictions());
        Assert.Matches("test +ended +3 +2 +1 +0 +0 +lite", (await ActorClusterProcess.RunAsync(["run", "list", "--node", address])).Expect(0).Output);
        Assert.Contains("nearest: test", (await ActorClusterProcess.RunAsync(["run", "watch", "tset", "--node", address])).Expect(2).Error);
        Assert.Contains("'nonsense' is neither a full path nor one of lite", (await ActorClusterProcess.RunAsync(["run", "submit", sandbox.Videos, "--pipeline", "nonsense", "--node", address])).Expect(2).Error);
        Assert.Contains("does not exist", (await ActorClusterProcess.RunAsync(["run", "submit", sandbox.InFolder("missing"), "--node", address])).Expect(2).Error);

        node.Terminate();
        var ended = (await node.EndAsync()).Expect(0);
        Assert.All(ended.Error.TrimEnd('\n').Split('\n'), line => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (INF|WRN|DBG) ", line));
        await sandbox.LeavesNothingBehindAsync();
    }

    [Fact]
    public async Task Node_TerminatedInTheMiddle_GoesOnWhenItIsStartedAgain()
    {
        using var sandbox = new Sandbox();
        sandbox.AddAll((await Clips.LongAsync())[..2]);
        string[] arguments = ["node", "--data", sandbox.Data, "--operator-port", "0", "--slots", "1"];
        var pipeline = sandbox.OneSecondChunks();
        using (var first = ActorClusterProcess.Start(arguments))
        {
            var address = await UpAsync(first);
            (await ActorClusterProcess.RunAsync(["run", "submit", sandbox.Videos, "--run", "test", "--pipeline", pipeline, "--node", address])).Expect(0);
            await first.UntilAsync(() => sandbox.StoredUnits >= 2, "2 units are stored");

            first.Terminate();
            (await first.EndAsync()).Expect(0);
        }

        await sandbox.LeavesNothingBehindAsync();
        using var second = ActorClusterProcess.Start(arguments);
        var watched = (await ActorClusterProcess.RunAsync(["run", "watch", "test", "--node", await UpAsync(second)])).Expect(0);

        Assert.Contains("2 registered = 2 completed", watched.Output);
        Assert.InRange(sandbox.Summary.Chunks.Redone, 0, 1); // What was in flight was finished; a start that was recorded when the node began to drain was handed back.
    }

    [Fact]
    public async Task Node_TerminatedTwice_EndsAtOnce()
    {
        using var sandbox = new Sandbox();
        sandbox.AddAll((await Clips.LongAsync())[..1]);
        using var node = ActorClusterProcess.Start(["node", "--data", sandbox.Data, "--operator-port", "0", "--slots", "1"], environment: HeldBack.InTheLastChunk());
        (await ActorClusterProcess.RunAsync(["run", "submit", sandbox.Videos, "--run", "test", "--pipeline", sandbox.OneSecondChunks(), "--node", await UpAsync(node)])).Expect(0);
        await node.UntilAsync(() => sandbox.StoredUnits > 0, "it is at work");
        // While another holds the journal, nothing can be handed back, so the node cannot leave before the second signal.
        using var journal = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(sandbox.Data, "state", "journal.db"), Pooling = false }.ConnectionString);
        await journal.OpenAsync();
        using var hold = journal.BeginTransaction(deferred: false);

        node.Terminate();
        await node.UntilAsync(() => node.Error.Contains("a second signal stops at once", StringComparison.Ordinal), "it says what a second signal does");
        node.Terminate();

        (await node.EndAsync()).Expect(Signals.KilledExit);
    }

    [Fact]
    public async Task Node_SecondOneOnTheSameFolder_IsRefusedByName()
    {
        using var sandbox = new Sandbox();
        using var first = ActorClusterProcess.Start(["node", "--data", sandbox.Data, "--operator-port", "0"]);
        await UpAsync(first);

        var second = (await ActorClusterProcess.RunAsync(["node", "--data", sandbox.Data, "--operator-port", "0"])).Expect(1);

        Assert.Contains($"is in use by process {first.Id}", second.Error);
    }

    [Fact]
    public async Task Node_OperatorPortInUse_SaysWhatToDo()
    {
        using var sandbox = new Sandbox();
        using var first = ActorClusterProcess.Start(["node", "--data", sandbox.Data, "--operator-port", "0"]);
        var port = (await UpAsync(first)).Split(':')[1];

        var second = (await ActorClusterProcess.RunAsync(["node", "--data", sandbox.InFolder("other"), "--operator-port", port])).Expect(1);

        Assert.Contains("--operator-port", second.Error);
    }

    [Fact]
    public async Task Node_Up_IsAliveAndReady()
    {
        using var sandbox = new Sandbox();
        using var node = ActorClusterProcess.Start(["node", "--data", sandbox.Data, "--operator-port", "0"]);
        using var http = new HttpClient { BaseAddress = new Uri($"http://{await UpAsync(node)}") };

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/healthz")).StatusCode);
        await node.UntilAsync(() => http.Send(new HttpRequestMessage(HttpMethod.Get, "/readyz")).StatusCode == HttpStatusCode.OK, "it has done its first forward pass");
        Assert.True(JsonNode.Parse(await http.GetStringAsync("/readyz"))!["ready"]!.GetValue<bool>());

        Directory.Move(sandbox.Data, sandbox.InFolder("moved"));
        using var response = await http.GetAsync("/readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Directory.Move(sandbox.InFolder("moved"), sandbox.Data);
    }

    /// <summary>Waits until the node is up.</summary>
    /// <returns>Its operator address, <c>host:port</c>.</returns>
    private static async Task<string> UpAsync(ActorClusterProcess node)
    {
        await node.UntilAsync(() => UpLine().IsMatch(node.Output), "it says that it is up");
        return UpLine().Match(node.Output).Groups["operator"].Value;
    }

    [System.Text.RegularExpressions.GeneratedRegex(@"^node 127\.0\.0\.1:\d+ is up: roles coordinator,worker,gpu, slots \d+; operator http://(?<operator>127\.0\.0\.1:\d+)\n$")]
    private static partial System.Text.RegularExpressions.Regex UpLine();
}
