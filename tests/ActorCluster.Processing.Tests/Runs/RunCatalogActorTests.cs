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

    private IActorRef Start() => Sys.ActorOf(RunCatalogActor.Props(_runs, only: null));

    private void Submit(IActorRef catalog, RunSpec spec)
    {
        catalog.Tell(new SubmitRun(spec), TestActor);
        Assert.Equal(spec.Name, ExpectMsg<RunAccepted>().Run);
    }
}
