using System.Collections.Immutable;
using ActorCluster.Processing.Runs;
using Akka.Actor;
using Akka.TestKit;
using static ActorCluster.Processing.Runs.RunCommands;

namespace ActorCluster.Processing.Tests.Runs;

public sealed class RunCatalogActorTests : ActorTest
{
    private static readonly RunSpec One = DatasetRunStateTests.Spec(1) with { Name = "one" };
    private static readonly RunSpec Two = DatasetRunStateTests.Spec(1) with { Name = "two" };

    private readonly TestProbe _runs;

    public RunCatalogActorTests() => _runs = CreateTestProbe();

    [Fact]
    public void SubmitRun_NewRun_IsAcceptedDrivenAndPingedAgain()
    {
        var catalog = Start();
        Submit(catalog, One);
        Assert.Equal(One, _runs.ExpectMsg<DriveRun>().Spec);
        Assert.Equal(One, _runs.ExpectMsg<DriveRun>().Spec);
    }

    [Fact]
    public void SubmitRun_SameAgain_IsStoredOnceAndExtendedIsStoredAgain()
    {
        var catalog = Start();
        Submit(catalog, One);
        Submit(catalog, One);
        Assert.Single(Written<RunEvents.RunSubmitted>("run-catalog"));
        Submit(catalog, One with { Videos = 2, ManifestHash = "m2" });
        Assert.Equal([1, 2], Written<RunEvents.RunSubmitted>("run-catalog").Select(e => e.Spec.Videos));
        Await<DriveRun>(_runs, m => m.Spec.Videos == 2);
    }

    [Fact]
    public void RunFinished_IsRecordedAndEveryRepetitionIsAnswered()
    {
        var catalog = Start();
        Submit(catalog, One);
        catalog.Tell(new RunFinished("one"));
        catalog.Tell(new RunFinished("one"));
        Await<EndRecorded>(_runs);
        Await<EndRecorded>(_runs);
        Assert.Single(Written<RunEvents.RunEnded>("run-catalog"));
        Submit(catalog, Two);
        Await<DriveRun>(_runs, m => m.Run == "two");
        Assert.Equal(["two", "two"], Enumerable.Range(0, 2).Select(_ => _runs.ExpectMsg<DriveRun>().Run));
    }

    [Fact]
    public void GetRuns_RunsThatToldAndEnded_ListsWhatTheyToldAlsoAfterACrash()
    {
        var catalog = Start();
        Submit(catalog, One);
        Submit(catalog, Two);
        Assert.Equal([("two", RunPhase.Running, false), ("one", RunPhase.Running, false)], List(catalog).Select(r => (r.Name, r.Phase, r.Ended)));
        catalog.Tell(new RunTold("two", new RunDigest(RunPhase.Paused, 3, 2, 0, 9, 5, 0)));
        catalog.Tell(new RunFinished("one", new RunDigest(RunPhase.Cancelled, 1, 0, 4, 0, 6, 8)));
        Await<EndRecorded>(_runs);
        AssertListed(List(catalog), two: RunPhase.Paused);
        catalog.Tell(new RunTold("one", new RunDigest(RunPhase.Running, 0, 0, 0, 0, 6, 0))); // Late news of an ended run.
        Kill(catalog);
        AssertListed(List(Start()), two: RunPhase.Running); // Which it is told again with the next ping.
    }

    [Fact]
    public void ForgetRun_KnownAndUnknown_IsAnsweredStoredOnceAndStaysForgotten()
    {
        var catalog = Start();
        Submit(catalog, One);
        Submit(catalog, Two);
        foreach (var run in new[] { "one", "one", "never" })
        {
            catalog.Tell(new ForgetRun(run), TestActor);
            Assert.Equal(run, ExpectMsg<RunForgotten>().Run);
        }

        Assert.Equal("one", Assert.Single(Written<RunEvents.RunDeleted>("run-catalog")).Run);
        Kill(catalog);
        Assert.Equal("two", Assert.Single(List(Start())).Name);
    }

    [Fact]
    public void Recovery_AfterACrash_PingsTheUnfinishedRunsOnly()
    {
        var catalog = Start();
        Submit(catalog, One);
        Submit(catalog, Two);
        catalog.Tell(new RunFinished("one"));
        Await<EndRecorded>(_runs);
        Kill(catalog);
        var fresh = CreateTestProbe();
        Sys.ActorOf(RunCatalogActor.Props(fresh, only: null));
        Assert.Equal(["two", "two"], Enumerable.Range(0, 2).Select(_ => fresh.ExpectMsg<DriveRun>().Run));
    }

    [Fact]
    public void Tick_OnlyOneRunWanted_LeavesTheOthersAlone()
    {
        var catalog = Start();
        Submit(catalog, One);
        Submit(catalog, Two);
        Kill(catalog);
        var fresh = CreateTestProbe();
        Sys.ActorOf(RunCatalogActor.Props(fresh, only: "one"));
        Assert.Equal(["one", "one"], Enumerable.Range(0, 2).Select(_ => fresh.ExpectMsg<DriveRun>().Run));
    }

    private static void AssertListed(ImmutableArray<RunListing> runs, RunPhase two)
    {
        Assert.Equal(("two", two, false), (runs[0].Name, runs[0].Phase, runs[0].Ended));
        Assert.Equal(("one", RunPhase.Cancelled, true, 1, 4, 8L), (runs[1].Name, runs[1].Phase, runs[1].Ended, runs[1].Completed, runs[1].Cancelled, runs[1].EndedAt));
    }

    private ImmutableArray<RunListing> List(IActorRef catalog)
    {
        catalog.Tell(new RunQueries.GetRuns(), TestActor);
        return ExpectMsg<RunQueries.RunsListed>().Runs;
    }

    private IActorRef Start() => Sys.ActorOf(RunCatalogActor.Props(_runs, only: null));

    private void Submit(IActorRef catalog, RunSpec spec)
    {
        catalog.Tell(new SubmitRun(spec), TestActor);
        Assert.Equal(spec.Name, ExpectMsg<RunAccepted>().Run);
    }
}
