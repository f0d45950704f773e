using ActorCluster.Core.Faults;
using ActorCluster.Operator;
using ActorCluster.Processing.Runs;
using ActorCluster.Storage;
using ActorCluster.Tests;

namespace ActorCluster.Node.Tests;

public sealed class RunWatcherTests
{
    private static readonly TimeSpan NotForLong = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task Watch_SubmittedRunNotYetThere_WaitsForIt()
    {
        await using var host = await OperatorHost.StartAsync();
        using var client = new OperatorClient([host.Node], null);
        var console = new Recorded();
        var watching = new RunWatcher(client, console).WatchAsync("spring", isSubmitted: true, CancellationToken.None);
        await Eventually.HoldsAsync(() => host.Runs.Looks >= 2, () => "it looks");

        host.End("spring", completed: 1);

        Assert.Equal(0, await watching);
        Assert.Equal(["end 0"], console.Events);
    }

    [Fact]
    public async Task Watch_EndIsNotRecordedYet_WaitsForTheNewReport()
    {
        await using var host = await OperatorHost.StartAsync();
        host.End("spring", completed: 1);
        host.Runs.Ended.Clear();
        using var client = new OperatorClient([host.Node], null);
        var console = new Recorded();
        var watching = new RunWatcher(client, console).WatchAsync("spring", isSubmitted: false, CancellationToken.None);
        await Eventually.HoldsAsync(() => host.Runs.Looks >= 3, () => "it looks");

        host.Runs.Ended["spring"] = true;

        Assert.Equal(0, await watching);
        Assert.Equal(["end 0"], console.Events);
    }

    [Fact]
    public async Task Watch_RunDoesNotAnswerForAWhile_SaysSoOnceAndGoesOn()
    {
        await using var host = await OperatorHost.StartAsync();
        host.Runs.Runs["spring"] = HandWrittenRuns.Progress("spring");
        using var client = new OperatorClient([host.Node], null);
        var console = new Recorded();
        var watching = new RunWatcher(client, console).WatchAsync("spring", isSubmitted: false, CancellationToken.None);
        await Eventually.HoldsAsync(() => host.Runs.Looks >= 1, () => "it looks");

        host.Runs.Failure = new EnvironmentFaultException("cluster", "No answer.", "Wait.");
        var looks = host.Runs.Looks;
        await Eventually.HoldsAsync(() => host.Runs.Looks >= looks + 3, () => "it tries again");
        host.Runs.Failure = null;
        host.End("spring", completed: 1);

        Assert.Equal(0, await watching);
        Assert.Equal(["  cluster: No answer. Wait.; trying again", "end 0"], console.Events);
    }

    [Fact]
    public async Task Watch_RunDoesNotAnswerForTooLong_GivesUp()
    {
        await using var host = await OperatorHost.StartAsync();
        host.Runs.Failure = new EnvironmentFaultException("cluster", "No answer.", "Wait.");
        using var client = new OperatorClient([host.Node], null);

        var e = await Assert.ThrowsAsync<OperatorRefusedException>(
            () => new RunWatcher(client, new Recorded()) { Absence = NotForLong }.WatchAsync("spring", isSubmitted: false, CancellationToken.None));

        Assert.False(e.IsAskersFault);
    }

    [Fact]
    public async Task Watch_NodeIsGoneForAWhile_TriesAgain()
    {
        var runs = new HandWrittenRuns();
        runs.Runs["spring"] = HandWrittenRuns.Progress("spring");
        var host = await OperatorHost.StartAsync(runs: runs);
        using var client = new OperatorClient([host.Node], null);
        var console = new Recorded();
        var watching = new RunWatcher(client, console) { Silence = Eventually.Deadline }.WatchAsync("spring", isSubmitted: false, CancellationToken.None);
        await Eventually.HoldsAsync(() => runs.Looks >= 1, () => "it looks");

        await host.DisposeAsync();
        await Eventually.HoldsAsync(() => console.Events.Count > 0, () => "it notices");
        await using var again = await OperatorHost.StartAsync(new OperatorSettings { Port = host.Address.Port }, runs);
        again.End("spring", completed: 1);

        Assert.Equal(0, await watching);
        Assert.EndsWith("; trying again", console.Events[0]);
        Assert.Equal("end 0", console.Events[^1]);
    }

    [Fact]
    public async Task Watch_NodeIsGoneForTooLong_GivesUp()
    {
        var runs = new HandWrittenRuns();
        runs.Runs["spring"] = HandWrittenRuns.Progress("spring");
        var host = await OperatorHost.StartAsync(runs: runs);
        using var client = new OperatorClient([host.Node], null);
        var watching = new RunWatcher(client, new Recorded()) { Silence = NotForLong }.WatchAsync("spring", isSubmitted: false, CancellationToken.None);
        await Eventually.HoldsAsync(() => runs.Looks >= 1, () => "it looks");

        await host.DisposeAsync();

        await Assert.ThrowsAsync<OperatorUnreachableException>(() => watching);
    }

    /// <summary>Remembers what people would read, in order.</summary>
    private sealed class Recorded : ConsoleOutput
    {
        private readonly List<string> _events = [];

        public IReadOnlyList<string> Events
        {
            get
            {
                lock (_events)
                {
                    return [.. _events];
                }
            }
        }

        public override void Note(params IEnumerable<string> lines) => Add(lines);

        public override void Progress(RunQueries.RunProgress progress)
        {
            // Drawing is others' to test.
        }

        public override void Stopping(RunQueries.RunProgress progress, bool interrupted) => Add(["stopping"]);

        public override void Leave(RunQueries.RunProgress progress, string state, int exitCode, IEnumerable<string> lines) => Add([$"leave {state} {exitCode}"]);

        public override void End(RunSummary summary, RunDirectory folder, int exitCode) => Add([$"end {exitCode}"]);

        private void Add(IEnumerable<string> lines)
        {
            lock (_events)
            {
                _events.AddRange(lines);
            }
        }
    }
}
