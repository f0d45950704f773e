using ActorCluster.Core.Faults;
using ActorCluster.Operator.Palettes;
using ActorCluster.Processing.Runs;
using ActorCluster.Tests;

namespace ActorCluster.Operator.Tests.Palettes;

public sealed class RunPaletteTests : PaletteTest
{
    [Theory]
    [InlineData("run pause demo", "pause demo")]
    [InlineData("run cancel demo -yes", "cancel demo")]
    [InlineData("run priority demo -7", "priority demo -7")]
    [InlineData("run priority demo -priority 100", "priority demo 100")]
    [InlineData("run retry demo", "retry demo - -")]
    [InlineData("run retry demo -cause poison", "retry demo poison -")]
    [InlineData("run retry demo -video v1", "retry demo - v1")]
    [InlineData("run extend demo", "extend demo")]
    [InlineData("run extend demo /a /b", "extend demo /a /b")]
    [InlineData("run report demo", "report demo")]
    [InlineData("run export demo", "export demo")]
    [InlineData("run delete demo -yes", "delete demo")]
    [InlineData("video retry demo v1", "retry demo - v1")]
    [InlineData("video quarantine demo v1 -cause mine", "quarantine demo v1 mine")]
    public async Task AnyCommand_IsPassedOnAndAnswered(string words, string commanded)
    {
        Assert.NotEmpty(await AnswerAsync(words));
        Assert.Equal([commanded], Runs.Commands);
    }

    [Fact]
    public void Definitions_EveryCommand_IsDescribedAndWhatChangesOrEndangersSaysSo()
    {
        Assert.All(Commands, c => Assert.EndsWith(".", c.Description, StringComparison.Ordinal));
        Assert.All(Commands.SelectMany(c => c.Arguments), a => Assert.EndsWith(".", a.Description, StringComparison.Ordinal));
        Assert.Equal(["cancel", "delete"], Commands.Where(c => c.Danger is not null).Select(c => c.Name));
        Assert.Equal(["list", "show", "watch", "explain", "list", "show"], Commands.Where(c => !c.Changes).Select(c => c.Name));
    }

    [Theory]
    [InlineData("run priority demo 101", "-100 to 100")]
    [InlineData("run priority demo", "priority")]
    [InlineData("run submit", "INPUTS")]
    [InlineData("run submit /a -format xml", "csv, parquet, both")]
    [InlineData("run pause", "run")]
    [InlineData("video list demo -take 501", "1 to 500")]
    [InlineData("video list demo -state done", "waiting, processing, completed, quarantined, cancelled")]
    [InlineData("video quarantine demo v1", "cause")]
    public void AnyCommand_WrongArguments_IsRefusedBeforeAnythingIsAsked(string words, string why) => Assert.Contains(why, Wrong(words), StringComparison.Ordinal);

    [Fact]
    public async Task Submit_Inputs_IsFrozenAndTold()
    {
        var answers = await AnswerAsync("run submit /a /b -pipeline /p/lite.json -run demo -format both");
        var request = Assert.Single(Runs.Submitted);
        Assert.Equal((2, "/p/lite.json", "demo", true, true), (request.Inputs.Length, request.Pipeline, request.Run, request.Csv, request.Parquet));
        Assert.Equal("= run:demo pipeline:/p/lite.json videos:2 known:1 added:1 changed:0", answers[0]);
        Assert.Equal("To watch it: run watch demo", answers[^1]);
    }

    [Fact]
    public async Task Submit_Watch_StaysUntilTheRunEnds()
    {
        Runs.End(Data, "demo", completed: 2);
        var answers = await AnswerAsync("run submit /a -run demo -watch");
        Assert.Equal($"Report:      {Data.Run("demo").Report}", answers[^1]);
    }

    [Fact]
    public async Task List_RunsOfAllKinds_HasARowForEachWithWhatIsKnown()
    {
        Runs.Runs["a"] = HandWrittenRuns.Progress("a");
        var row = Assert.Single(await AnswerAsync("run list"));
        Assert.Equal("| run:a phase:running videos:2 priority:0 pipeline:lite", row); // Nothing that an earlier version did not store.
    }

    [Fact]
    public async Task Show_RunInFlight_TellsItsFactsAndVideos()
    {
        Runs.Runs["a"] = HandWrittenRuns.Progress("a", paused: "disk full") with { Priority = 3, StartedAt = TimeSpan.TicksPerDay, Phase = RunPhase.Paused };
        var answers = await AnswerAsync("run show a");
        Assert.StartsWith("= run:a phase:paused why:disk full pipeline: priority:3 videos:2 completed:0", answers[0], StringComparison.Ordinal);
        Assert.Contains("started:0001-01-02T00:00:00Z", answers[0], StringComparison.Ordinal);
        Assert.Equal("| video:first \u001b[31m stage:encoding frames_done:40 frames:100 seconds:10", answers[1]);
    }

    [Theory]
    [InlineData("run show demp")]
    [InlineData("run watch demp")]
    public async Task Any_RunThatIsNotThere_IsRefusedWithTheNearest(string words)
    {
        Runs.Runs["demo"] = HandWrittenRuns.Progress("demo");
        var refused = await RefusedAsync(words);
        Assert.Equal("There is no run 'demp'. The nearest: demo.", refused.Message);
        Assert.Equal("demo", Assert.Single(refused.Nearest));
    }

    [Fact]
    public async Task AnyCommand_ClusterRefuses_IsRefusedInItsWords()
    {
        Runs.Failure = new RunRequestException("Run 'demo' is cancelled.", nearest: ["demo-2"]);
        foreach (var words in new[] { "run pause demo", "run resume demo", "run retry demo", "run export demo", "run submit /a", "video list demo", "video show demo v", "video retry demo v" })
        {
            var refused = await RefusedAsync(words);
            Assert.Equal("Run 'demo' is cancelled.", refused.Message);
            Assert.Equal("demo-2", Assert.Single(refused.Nearest));
        }

        Runs.Failure = new EnvironmentFaultException("cluster", "No answer.", "Wait.");
        await Assert.ThrowsAsync<EnvironmentFaultException>(() => AnswerAsync("run pause demo"));
    }

    [Fact]
    public async Task Watch_RunThatGoesOn_SaysALineForEveryChangeAndEndsWithIt()
    {
        Runs.Runs["demo"] = HandWrittenRuns.Progress("demo");
        await using var watch = Handle("run watch demo").GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal("~ 0 of 2 videos ended, 0 quarantined; 40 frames, 0 frames/s; in flight: first \u001b[31m encoding 40/100", Text(watch.Current));

        // Nothing changes: nothing is said, however often it looks.
        var next = watch.MoveNextAsync().AsTask();
        var looks = Runs.Looks;
        await Deadline.Until(() => Runs.Looks > looks + 2);
        Assert.False(next.IsCompleted);

        Runs.Runs["demo"] = HandWrittenRuns.Progress("demo", completed: 1, quarantined: 1) with { Phase = RunPhase.Ended };
        looks = Runs.Looks;
        await Deadline.Until(() => Runs.Looks > looks);
        Assert.False(next.IsCompleted); // Its report is being written.
        Runs.End(Data, "demo", completed: 1, quarantined: 1);
        Assert.True(await next);
        Assert.Equal("Completed: 2 registered = 1 completed + 1 quarantined + 0 cancelled", Text(watch.Current));
        var rest = new List<string>();
        while (await watch.MoveNextAsync())
        {
            rest.Add(Text(watch.Current));
        }

        Assert.Contains("  quarantined: video-1: probe: The file is empty.", rest);
        Assert.Equal("exit 3", rest[^1]);
    }

    [Fact]
    public async Task Watch_RunThatPauses_EndsWithItsReason()
    {
        Runs.Runs["demo"] = HandWrittenRuns.Progress("demo", paused: "paused by operator") with { Phase = RunPhase.Paused };
        var answers = await AnswerAsync("run watch demo");
        Assert.Equal("Run demo waits with 0 of 2 videos ended: paused by operator 'run resume demo' goes on.", answers[^2]);
        Assert.Equal("exit 1", answers[^1]);
    }

    [Fact]
    public async Task Watch_RunDoesNotAnswerForAWhile_SaysSoOnceAndGoesOn()
    {
        Runs.Runs["demo"] = HandWrittenRuns.Progress("demo");
        await using var watch = Handle("run watch demo").GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());

        Runs.Failure = new EnvironmentFaultException("cluster", "No answer.", "Wait.");
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal("cluster: No answer. Wait. Trying again.", Text(watch.Current));
        var next = watch.MoveNextAsync().AsTask();
        var looks = Runs.Looks;
        await Deadline.Until(() => Runs.Looks > looks + 2);
        Assert.False(next.IsCompleted);

        Runs.Failure = null;
        Runs.End(Data, "demo", completed: 1);
        Assert.True(await next);
        Assert.Equal("Completed: 1 registered = 1 completed + 0 quarantined + 0 cancelled", Text(watch.Current));
    }

    [Fact]
    public async Task Watch_RunDoesNotAnswerForTooLong_GivesUp()
    {
        Runs.Failure = new EnvironmentFaultException("cluster", "No answer.", "Wait.");
        var palette = new RunPalette(Runs, new NoNodes(), Data) { Absence = TimeSpan.Zero };
        var call = CommandParser.Parse([palette.Palette], ["run", "watch", "demo"], "ann").Call!;

        await Assert.ThrowsAsync<EnvironmentFaultException>(() => palette.RunAsync(call, CancellationToken.None).GetAsyncEnumerator().MoveNextAsync().AsTask());
    }

    [Fact]
    public async Task Submit_RunDoesNotYetKnowOfItself_IsWaitedFor()
    {
        await using var watch = Handle("run submit /a -run demo -watch").GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());
        Assert.True(Runs.Runs.TryRemove("demo", out var progress));
        while (Text(watch.Current).StartsWith("= ", StringComparison.Ordinal) || Text(watch.Current).StartsWith("Not read", StringComparison.Ordinal))
        {
            var next = watch.MoveNextAsync().AsTask();
            if (!next.IsCompleted)
            {
                var looks = Runs.Looks;
                await Deadline.Until(() => Runs.Looks > looks + 1 || next.IsCompleted);
                Runs.Runs["demo"] = progress;
            }

            Assert.True(await next);
        }

        Assert.StartsWith("~ 0 of 2 videos ended", Text(watch.Current), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_ClientGoes_Stops()
    {
        Runs.Runs["demo"] = HandWrittenRuns.Progress("demo");
        using var gone = new CancellationTokenSource();
        await using var watch = Handle("run watch demo", gone.Token).GetAsyncEnumerator(gone.Token);
        Assert.True(await watch.MoveNextAsync());
        var next = watch.MoveNextAsync().AsTask();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }
}
