using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ActorCluster.Core.Faults;
using ActorCluster.Operator;
using ActorCluster.Tests;

namespace ActorCluster.Node.Tests;

/// <summary>The palette <c>run</c> under its other name, in a pipe.</summary>
public sealed class RunCommandTests
{
    private const string Token = "0123456789abcdef-token";

    [Fact]
    public async Task Submit_Inputs_ArriveAsFullPaths()
    {
        await using var host = await OperatorHost.StartAsync();
        using var sandbox = new Sandbox();

        var result = (await ActorClusterProcess.RunAsync(
            ["run", "submit", "videos", "/elsewhere/b.mp4", "--pipeline", "mine.json", "--run", "spring", "--format", "both", "--node", host.Node], folder: sandbox.Root)).Expect(0);

        var request = Assert.Single(host.Runs.Submitted);
        Assert.Equal([sandbox.Videos, "/elsewhere/b.mp4"], request.Inputs.AsEnumerable());
        Assert.Equal((sandbox.InFolder("mine.json"), "spring", true, true), (request.Pipeline, request.Run, request.Csv, request.Parquet));
        Assert.Contains("run:       spring\n", result.Output);
        Assert.Contains("To watch it: run watch spring", result.Output);
        Assert.DoesNotContain(result.Output, c => char.IsControl(c) && c != '\n');
        Assert.Contains("run submit", Assert.Single(host.Runs.Audited));
    }

    [Fact]
    public async Task Submit_Json_PrintsTheRun()
    {
        await using var host = await OperatorHost.StartAsync();

        var result = (await ActorClusterProcess.RunAsync(["run", "submit", "/videos", "--run", "spring", "--json", "--node", host.Node])).Expect(0);

        using var json = JsonDocument.Parse(result.Output.Split('\n')[0]);
        Assert.Equal(("spring", 2), (json.RootElement.GetProperty("run").GetString(), json.RootElement.GetProperty("videos").GetInt32()));
    }

    [Fact]
    public async Task Submit_Watched_EndsWithTheRunsSummaryAndCode()
    {
        await using var host = await OperatorHost.StartAsync();
        using var process = ActorClusterProcess.Start(["run", "submit", "/videos", "--run", "spring", "--watch", "--node", host.Node]);
        await process.UntilAsync(() => host.Runs.Looks >= 2, "it watches");

        host.End("spring", completed: 3, quarantined: 1);
        var result = (await process.EndAsync()).Expect(3);

        Assert.Contains("completed: 4 registered = 3 completed + 1 quarantined + 0 cancelled", result.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("quarantined: video-3: probe: The file is empty.", result.Output);
        Assert.Contains($"Predictions: {host.Data.Run("spring").Predictions}", result.Output);
    }

    [Fact]
    public async Task Watch_Json_PrintsObjects()
    {
        await using var host = await OperatorHost.StartAsync();
        host.End("spring", completed: 2);

        var result = (await ActorClusterProcess.RunAsync(["run", "watch", "spring", "--json", "--node", host.Node])).Expect(0);

        var lines = result.Output.TrimEnd('\n').Split('\n').Select(l => JsonDocument.Parse(l).RootElement.GetProperty("line").GetString()!).ToList();
        Assert.Contains(lines, l => l.Contains("2 registered = 2 completed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Watch_Interrupted_Ends()
    {
        await using var host = await OperatorHost.StartAsync();
        host.Runs.Runs["spring"] = HandWrittenRuns.Progress("spring", completed: 1);
        using var process = ActorClusterProcess.Start(["run", "watch", "spring", "--node", host.Node]);
        await process.UntilAsync(() => process.Output.Contains("1 of 2 videos ended"), "it watches");

        process.Interrupt();
        var result = (await process.EndAsync()).Expect(130);

        Assert.Empty(host.Runs.Commands);
        Assert.DoesNotContain('\u001b', result.Output);
    }

    [Fact]
    public async Task Watch_Paused_SaysWhyAndHowToGoOn()
    {
        await using var host = await OperatorHost.StartAsync();
        host.Runs.Runs["spring"] = HandWrittenRuns.Progress("spring", paused: "store: disk \u001b[31m full.");

        var result = (await ActorClusterProcess.RunAsync(["run", "watch", "spring", "--node", host.Node])).Expect(1);

        Assert.Contains("Run spring waits with 0 of 2 videos ended: store: disk \uFFFD[31m full. 'run resume spring' goes on.", result.Output);
        Assert.DoesNotContain('\u001b', result.Output);
    }

    [Fact]
    public async Task Watch_FirstNodeDies_GoesOnWithTheOther()
    {
        var runs = new HandWrittenRuns();
        runs.Runs["spring"] = HandWrittenRuns.Progress("spring", completed: 1);
        var first = await OperatorHost.StartAsync(runs: runs);
        await using var second = await OperatorHost.StartAsync(runs: runs);
        using var process = ActorClusterProcess.Start(["run", "watch", "spring", "--node", first.Node, "--node", second.Node]);
        await process.UntilAsync(() => process.Output.Contains("1 of 2 videos ended"), "it watches");

        await first.DisposeAsync();
        second.End("spring", completed: 2);

        (await process.EndAsync()).Expect(0);
    }

    [Fact]
    public async Task Watch_OnlyNodeIsGoneForAWhile_TriesAgain()
    {
        var runs = new HandWrittenRuns();
        runs.Runs["spring"] = HandWrittenRuns.Progress("spring");
        var host = await OperatorHost.StartAsync(runs: runs);
        using var process = ActorClusterProcess.Start(["run", "watch", "spring", "--node", host.Node]);
        await process.UntilAsync(() => process.Output.Contains("0 of 2 videos ended"), "it watches");

        await host.DisposeAsync();
        await process.UntilAsync(() => process.Error.Contains("trying again"), "it notices");
        await using var again = await OperatorHost.StartAsync(new OperatorSettings { Port = host.Address.Port }, runs);
        again.End("spring", completed: 1);

        (await process.EndAsync()).Expect(0);
    }

    [Fact]
    public async Task Watch_RunDoesNotAnswerForAWhile_SaysSoAndGoesOn()
    {
        await using var host = await OperatorHost.StartAsync();
        host.Runs.Runs["spring"] = HandWrittenRuns.Progress("spring");
        using var process = ActorClusterProcess.Start(["run", "watch", "spring", "--node", host.Node]);
        await process.UntilAsync(() => process.Output.Contains("0 of 2 videos ended"), "it watches");

        host.Runs.Failure = new EnvironmentFaultException("cluster", "No answer.", "Wait.");
        var looks = host.Runs.Looks;
        await process.UntilAsync(() => host.Runs.Looks >= looks + 3, "it tries again");
        host.Runs.Failure = null;
        host.End("spring", completed: 1);
        var result = (await process.EndAsync()).Expect(0);

        Assert.Equal(2, result.Output.Split("cluster: No answer. Wait. Trying again.").Length);
    }

    [Fact]
    public async Task Watch_UnknownRun_NamesTheNearest()
    {
        await using var host = await OperatorHost.StartAsync();
        host.Runs.Runs["spring-2026"] = HandWrittenRuns.Progress("spring-2026");

        var result = (await ActorClusterProcess.RunAsync(["run", "watch", "sprng-2026", "--node", host.Node])).Expect(2);

        Assert.Equal("actorcluster: There is no run 'sprng-2026'. The nearest: spring-2026.\n", result.Error);
    }

    [Fact]
    public async Task List_Runs_AreLinesAndJson()
    {
        await using var host = await OperatorHost.StartAsync();
        host.Runs.Runs["autumn"] = HandWrittenRuns.Progress("autumn");
        host.End("spring-2026", completed: 7);

        var lines = (await ActorClusterProcess.RunAsync(["run", "list", "--node", host.Node])).Expect(0).Output.TrimEnd('\n').Split('\n');
        var json = (await ActorClusterProcess.RunAsync(["run", "list", "--json", "--node", host.Node])).Expect(0).Output.TrimEnd('\n').Split('\n');

        Assert.Equal(["run", "autumn", "spring-2026"], lines.Select(l => l.Split(' ')[0]));
        Assert.Equal(["autumn", "spring-2026"], json.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("run").GetString()));
    }

    [Fact]
    public async Task List_NoRuns_SaysSo()
    {
        await using var host = await OperatorHost.StartAsync();

        var result = (await ActorClusterProcess.RunAsync(["run", "list", "--node", host.Node])).Expect(0);

        Assert.Equal(("", "There is nothing.\n"), (result.Output, result.Error));
    }

    [Fact]
    public async Task Resume_Paused_GoesOn()
    {
        await using var host = await OperatorHost.StartAsync();
        host.Runs.Runs["spring"] = HandWrittenRuns.Progress("spring", paused: "disk full");

        (await ActorClusterProcess.RunAsync(["run", "resume", "spring", "--node", host.Node])).Expect(0);

        Assert.Equal(["spring"], host.Runs.Resumed);
    }

    [Theory]
    [InlineData("cancel spring")]
    [InlineData("delete spring")]
    public async Task Dangerous_InAPipeWithoutYes_IsRefused(string command)
    {
        await using var host = await OperatorHost.StartAsync();
        host.Runs.Runs["spring"] = HandWrittenRuns.Progress("spring");

        var result = (await ActorClusterProcess.RunAsync(["run", .. command.Split(' '), "--node", host.Node])).Expect(2);

        Assert.Contains("Nothing was done; give -yes if that is meant.", result.Error);
        Assert.Empty(host.Runs.Commands);
        (await ActorClusterProcess.RunAsync(["run", .. command.Split(' '), "-yes", "--node", host.Node])).Expect(0);
        Assert.Equal([command], host.Runs.Commands);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("watch spring")]
    [InlineData("resume spring")]
    [InlineData("submit /videos")]
    public async Task Any_NoNode_IsOneLine(string arguments)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        var result = (await ActorClusterProcess.RunAsync(["run", .. arguments.Split(' '), "--node", $"127.0.0.1:{port}"])).Expect(1);

        Assert.Equal($"actorcluster: no node answers: 127.0.0.1:{port}: Connection refused. Start one with 'actorcluster node', or name another with --node.\n", result.Error);
    }

    [Fact]
    public async Task Any_Token_ComesFromTheEnvironment()
    {
        await using var host = await OperatorHost.StartAsync(new OperatorSettings { Port = 0, Token = Token });

        (await ActorClusterProcess.RunAsync(["run", "list", "--node", host.Node], environment: new Dictionary<string, string> { ["ACTORCLUSTER_TOKEN"] = Token })).Expect(0);
        var without = (await ActorClusterProcess.RunAsync(["run", "list", "--node", host.Node])).Expect(1);
        var wrong = (await ActorClusterProcess.RunAsync(["run", "list", "--node", host.Node], environment: new Dictionary<string, string> { ["ACTORCLUSTER_TOKEN"] = "two\nlines-0123456789" })).Expect(2);

        Assert.Contains("Set ACTORCLUSTER_TOKEN", without.Error);
        Assert.Contains("ACTORCLUSTER_TOKEN has no token", wrong.Error);
        Assert.DoesNotContain("lines-0123456789", wrong.Error);
    }

    [Theory]
    [InlineData("submit", "INPUTS is missing", "Usage: run submit INPUTS...")]
    [InlineData("submit /videos --node nowhere", "--node: 'nowhere' is no node's address", "")]
    [InlineData("submit /videos --run ../x", "-run: '../x' is no run's name", "Usage: run submit")]
    [InlineData("submit /videos --format xml", "'xml' is none of csv, parquet, both", "Usage: run submit")]
    [InlineData("submit /videos --wtach", "the nearest is '-watch'", "Usage: run submit")]
    [InlineData("watch", "RUN is missing", "Usage: run watch RUN")]
    [InlineData("wtach x", "the nearest is 'watch'", "Commands of run: submit, list")]
    public async Task Any_WrongCommandLine_IsRefusedWithTheUsageAndNeedsNoNode(string arguments, string says, string usage)
    {
        var result = (await ActorClusterProcess.RunAsync(["run", .. arguments.Split(' ')])).Expect(2);

        Assert.Contains(says, result.Error);
        Assert.Contains(usage, result.Error);
    }
}
