using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ActorCluster.Operator;
using ActorCluster.Tests;

namespace ActorCluster.Node.Tests.Pbm;

/// <summary>The real executable in a pipe, against a real endpoint.</summary>
public sealed class PbmCommandTests
{
    private const string Token = "0123456789abcdef-token";

    [Fact]
    public async Task OneShot_Command_IsDone()
    {
        await using var host = await StartAsync();

        var result = (await RunAsync(host, "notes", "add", "spring", "two words", "--pinned", "-file", "x.txt")).Expect(0);

        Assert.Equal($"Noted by {Environment.UserName}@{Environment.MachineName} (127.0.0.1): two words\n", result.Output);
        Assert.Empty(result.Error);
        Assert.EndsWith($"notes add -file {Path.GetFullPath("x.txt")} -pinned -priority 0 -run spring -text \"two words\"", Assert.Single(host.Runs.Audited));
    }

    [Fact]
    public async Task OneShot_Rows_AreAlignedOrJson()
    {
        await using var host = await StartAsync();
        await RunAsync(host, "notes", "add", "spring", "x");
        await RunAsync(host, "notes", "add", "autumn-2026", "y", "z", "-p", "-7");

        var text = (await RunAsync(host, "notes", "list")).Expect(0).Output;
        var json = (await RunAsync(host, "notes", "list", "-json")).Expect(0).Output;

        Assert.Equal("run          texts  priority  pinned  share  colour\nautumn-2026  y, z         -7  no       0.25       -\nspring       x             0  no       0.25       -\n", text);
        var rows = json.TrimEnd('\n').Split('\n').Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal([("autumn-2026", -7), ("spring", 0)], rows.Select(r => (r.GetProperty("run").GetString()!, r.GetProperty("priority").GetInt32())));
    }

    [Theory]
    [InlineData("notes list -tkae 3", "actorcluster: notes list has no switch '-tkae'; the nearest is '-take'.\n  Usage: notes list [-take TAKE]\n")]
    [InlineData("nots list", "actorcluster: There is no palette 'nots'; the nearest is 'notes'.\n  Palettes: notes.\n")]
    [InlineData("notes show", "actorcluster: RUN is missing: The run.\n  Usage: notes show RUN\n")]
    [InlineData("notes show spring", "actorcluster: There is no note on 'spring'.\n")]
    [InlineData("notes clear", "actorcluster: notes clear: All notes are thrown away. Nothing was done; give -yes if that is meant.\n")]
    [InlineData("help nots", "actorcluster: There is no palette 'nots'; the nearest is 'notes'.\n  Palettes: notes.\n")]
    [InlineData("notes list --node nowhere", "actorcluster: --node: 'nowhere' is no node's address; give it as host:port, such as 127.0.0.1:9110.\n")]
    [InlineData("notes list --node", "actorcluster: --node needs a value.\n")]
    [InlineData("notes list --ca /nowhere.pem", "actorcluster: --ca: '/nowhere.pem' cannot be used: ")]
    public async Task OneShot_Wrong_IsTold(string line, string error)
    {
        await using var host = await StartAsync();

        var result = (await RunAsync(host, line.Split(' '))).Expect(2);

        Assert.StartsWith(error, result.Error);
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData("notes outage", 1, "store: The store is away. Wait.")]
    [InlineData("notes break", 1, "This should not happen.")]
    [InlineData("notes end 3", 3, "")]
    public async Task OneShot_Fails_EndsWithTheCode(string line, int code, string error)
    {
        await using var host = await StartAsync();

        Assert.Contains(error, (await RunAsync(host, line.Split(' '))).Expect(code).Error);
    }

    [Theory]
    [InlineData("help", "  notes  Notes on runs.\n")]
    [InlineData("help notes", "  notes list    Lists the notes.\n")]
    [InlineData("help notes list", "Usage: notes list [-take TAKE]\n")]
    [InlineData("notes list --help", "Usage: notes list [-take TAKE]\n")]
    public async Task Help_Anything_IsMadeOfTheDefinitions(string line, string says)
    {
        await using var host = await StartAsync();

        Assert.Contains(says, (await RunAsync(host, line.Split(' '))).Expect(0).Output);
    }

    [Fact]
    public async Task Help_OfTheClient_NeedsNoNode() => Assert.Contains("host-1:9110", (await ActorClusterProcess.RunAsync(["pbm", "--help"])).Expect(0).Output);

    [Fact]
    public async Task Script_Lines_AreGivenOneByOne()
    {
        await using var host = await StartAsync();
        using var process = ActorClusterProcess.Start(["pbm", host.Node], input: "# two notes\nnotes add spring 'first one'\n\nnotes show autumn\nnotes add \"open\nnotes list -take 1\nexit\nnotes clear -yes\n");

        var result = (await process.EndAsync()).Expect(2);

        Assert.Contains(": first one\n", result.Output);
        Assert.Contains("spring  first one", result.Output);
        Assert.Contains("There is no note on 'autumn'.", result.Error);
        Assert.Contains("A \" is not closed.", result.Error);
        Assert.DoesNotContain("All gone", result.Output);
    }

    [Fact]
    public async Task Any_NoNode_IsOneLine()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        var result = (await ActorClusterProcess.RunAsync(["pbm", $"127.0.0.1:{port}", "notes", "list"])).Expect(1);

        Assert.Equal($"actorcluster: no node answers: 127.0.0.1:{port}: Connection refused. Start one with 'actorcluster node', or name another with --node.\n", result.Error);
    }

    [Fact]
    public async Task Any_WithoutItsToken_SaysWhereItComesFrom()
    {
        await using var host = await OperatorHost.StartAsync(new OperatorSettings { Port = 0, Token = Token }, handlers: new NotesPalette());

        Assert.Contains("Set ACTORCLUSTER_TOKEN", (await RunAsync(host, "notes", "list")).Expect(1).Error);
        (await ActorClusterProcess.RunAsync(["pbm", host.Node, "notes", "list"], environment: new Dictionary<string, string> { ["ACTORCLUSTER_TOKEN"] = Token })).Expect(0);
    }

    [Fact]
    public async Task Any_OverTls_NeedsTheAuthority()
    {
        using var certificates = new TestCertificates();
        var (certificate, key) = certificates.Issue();
        await using var host = await OperatorHost.StartAsync(new OperatorSettings { Port = 0, Certificate = certificate, Key = key }, handlers: new NotesPalette());

        (await ActorClusterProcess.RunAsync(["pbm", $"https://{host.Node}", "--ca", certificates.Authorities, "notes", "list"])).Expect(0);
        var untrusting = (await ActorClusterProcess.RunAsync(["pbm", $"https://{host.Node}", "notes", "list"])).Expect(1);
        Assert.Contains("certificate", untrusting.Error);
        Assert.Single(untrusting.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task Follow_NodeDies_GoesOnAtTheNext()
    {
        var (a, b) = (new NotesPalette(), new NotesPalette());
        var first = await OperatorHost.StartAsync(handlers: a);
        await using var second = await OperatorHost.StartAsync(handlers: b);
        using var process = ActorClusterProcess.Start(["pbm", first.Node, second.Node, "notes", "follow"]);
        a.Tell("from the first");
        await process.UntilAsync(() => process.Output.Contains("from the first"), "it follows");

        await first.DisposeAsync();
        b.Tell("from the second");
        await process.UntilAsync(() => process.Output.Contains("from the second"), "it follows the second");
        b.Tell("end");

        Assert.Contains("trying again", (await process.EndAsync()).Expect(0).Error);
    }

    [Fact]
    public async Task Follow_Interrupted_EndsAtTheNodeToo()
    {
        var notes = new NotesPalette();
        await using var host = await OperatorHost.StartAsync(handlers: notes);
        using var process = ActorClusterProcess.Start(["pbm", host.Node, "notes", "follow"]);
        notes.Tell("hello");
        await process.UntilAsync(() => process.Output.Contains("hello"), "it follows");

        process.Interrupt();

        (await process.EndAsync()).Expect(130);
        await notes.Gone.Task.WaitAsync(Eventually.Deadline);
    }

    private static Task<OperatorHost> StartAsync() => OperatorHost.StartAsync(handlers: new NotesPalette());

    private static Task<ProcessResult> RunAsync(OperatorHost host, params string[] words) => ActorClusterProcess.RunAsync(["pbm", host.Node, .. words]);
}
