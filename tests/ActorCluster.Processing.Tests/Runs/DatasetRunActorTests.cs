using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Inference;
using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Slots;
using ActorCluster.Processing.Videos;
using Akka.Actor;
using Akka.TestKit;
using static ActorCluster.Processing.Runs.RunCommands;

namespace ActorCluster.Processing.Tests.Runs;

public sealed class DatasetRunActorTests : DatasetRunActorTest
{
    private static readonly Fault DiskFull = new(false, "store", "disk full", "free some", []);

    [Fact]
    public void DriveRun_TwoSlots_KeepsFourVideosInFlightAndPingsThem()
    {
        var run = Drive(videos: 10, slots: 2);
        Assert.Equal([0, 1, 2, 3], InFlight(run));
        Assert.Equal("/v/0.mp4", Await<VideoCommands.ProcessVideo>(Videos, m => m.Key.Index == 0).Uri);
        for (var pings = 0; pings < 2; pings++)
        {
            Await<VideoCommands.ProcessVideo>(Videos, m => m.Key.Index == 3);
        }

        run.Tell(Finished(1));
        Await<VideoCommands.OutcomeRecorded>(Videos, m => m.Key == new VideoKey("demo", 1, 1));
        Await<VideoCommands.ProcessVideo>(Videos, m => m.Key.Index == 4);
        Assert.Equal([0, 2, 3, 4], InFlight(run));
    }

    [Fact]
    public void VideoFinished_ManyAtOnce_AreStoredInFewEventsAndAllAcknowledged()
    {
        var run = Drive(videos: 60, slots: 50);
        for (var i = 0; i < 60; i++)
        {
            run.Tell(Finished(i, completed: i % 3 != 0));
        }

        var acknowledged = Enumerable.Range(0, 60).Select(_ => Await<VideoCommands.OutcomeRecorded>(Videos).Key.Index).ToHashSet();
        Assert.Equal(60, acknowledged.Count);
        Await<RunFinished>(Catalog);
        var batches = Written<RunEvents.VideosFinished>(Id).ToList();
        Assert.Equal(60, batches.Sum(b => b.Outcomes.Length));
        Assert.InRange(batches.Count, 3, 20);
        var progress = Progress(run);
        Assert.Equal((60, 40, 20, 400L, true), (progress.Registered, progress.Completed, progress.Quarantined, progress.Frames, progress.IsCompleted));
    }

    [Fact]
    public void VideoFinished_RepeatedUnknownOrOfAnOldRevision_ChangesNothing()
    {
        var run = Drive(videos: 3, slots: 1);
        run.Tell(Finished(0));
        Await<VideoCommands.OutcomeRecorded>(Videos);
        run.Tell(Finished(0, completed: false));
        Await<VideoCommands.OutcomeRecorded>(Videos, m => m.Key.Index == 0);
        run.Tell(Finished(1, revision: 9));
        Await<VideoCommands.OutcomeRecorded>(Videos, m => m.Key == new VideoKey("demo", 1, 9));
        run.Tell(Finished(77));
        var progress = Progress(run);
        Assert.Equal((1, 0), (progress.Completed, progress.Quarantined));
        Assert.Single(Written<RunEvents.VideosFinished>(Id));
    }

    [Fact]
    public void RunCompleted_UntilTheEndIsRecorded_IsAnnouncedWithEveryPing()
    {
        var (run, spec) = (Drive(videos: 1, slots: 1), Spec(1));
        run.Tell(Finished(0));
        Await<RunFinished>(Catalog);
        run.Tell(new DriveRun(spec));
        Await<RunFinished>(Catalog);
        run.Tell(new EndRecorded("demo"));

        // The catalogue pings what it holds unfinished: whoever submits the ended run once more is told of its end, too.
        run.Tell(new DriveRun(spec));
        Await<RunFinished>(Catalog);
        Assert.Single(Written<RunEvents.RunCompleted>(Id));
    }

    [Fact]
    public void Recovery_InTheMiddle_GoesOnWithTheVideosThatHaveNotEnded()
    {
        var run = Drive(videos: 6, slots: 1);
        run.Tell(Finished(0));
        run.Tell(Finished(1, completed: false));
        Await<VideoCommands.OutcomeRecorded>(Videos, m => m.Key.Index == 0);
        Await<VideoCommands.OutcomeRecorded>(Videos, m => m.Key.Index == 1);
        Kill(run);

        run = Start();
        var progress = Progress(run);
        Assert.Equal((1, 1, 6), (progress.Completed, progress.Quarantined, progress.Registered));
        Offer(run, slots: 1);
        Assert.Equal([2, 3], InFlight(run));
    }

    [Fact]
    public void Recovery_CompletedRun_AnnouncesItsEndToTheFirstPing()
    {
        var run = Drive(videos: 1, slots: 1);
        run.Tell(Finished(0));
        Await<RunFinished>(Catalog);
        Kill(run);
        Start().Tell(new DriveRun(Spec(1)));
        Await<RunFinished>(Catalog);
    }

    [Fact]
    public void DriveRun_ExtendedManifest_ProcessesTheNewAndTheChangedUnderItsNextRevision()
    {
        var run = Drive(videos: 2, slots: 4);
        run.Tell(Finished(0));
        run.Tell(Finished(1));
        Await<RunFinished>(Catalog);
        run.Tell(new DriveRun(Freeze(3, i => i == 1 ? 2 : 1)));
        var keys = new[] { Await<VideoCommands.ProcessVideo>(Videos, m => m.Key.Index == 1 && m.Key.Revision == 2), Await<VideoCommands.ProcessVideo>(Videos, m => m.Key.Index == 2) };
        Assert.Equal([2, 1], keys.Select(k => k.Key.Revision));
        Assert.Equal([1, 2], InFlight(run));
        run.Tell(Finished(1, revision: 2));
        run.Tell(Finished(2));
        Await<RunFinished>(Catalog);
    }

    [Fact]
    public void DriveRun_ManifestThatIsNotTheSubmittedOne_IsReportedAndNothingIsStored()
    {
        var spec = Freeze(1);
        var run = Start();
        run.Tell(new DriveRun(spec with { ManifestHash = new string('0', 64) }));
        AwaitAssert(() => Assert.Equal("manifest", Assert.Single(Node.Reported).Stage), Deadline);
        Assert.Empty(ProbedJournal.Written(Sys));
    }

    [Fact]
    public void Journal_Fails_IsReportedForWhoeverWatchesTheProcess()
    {
        ProbedJournal.FailWhen(Sys, (id, _) => id == Id);
        Start().Tell(new DriveRun(Freeze(1)));
        AwaitAssert(() => Assert.Equal("journal", Assert.Single(Node.Reported).Stage), Deadline);
    }

    [Fact]
    public void VideoTroubled_NothingElseForAWhile_PausesTheRunUntilItIsResumed()
    {
        var run = Drive(videos: 5, slots: 1);
        Assert.Equal([0, 1], InFlight(run));
        run.Tell(new VideoTroubled("demo", 0, DiskFull));
        Assert.Equal(DiskFull.ToString(), Progress(run).Trouble);
        AwaitAssert(
            () =>
            {
                // It starts again and comes as far as before: that is no progress.
                run.Tell(new VideoProgressed("demo", 0, 0, 30, 1, "decode"));
                run.Tell(new VideoProgressed("demo", 0, 10, 30, 1, "decode"));
                run.Tell(new VideoTroubled("demo", 0, DiskFull));
                Assert.Equal(DiskFull.ToString(), Progress(run).PausedReason);
            },
            TimeSpan.FromSeconds(80),
            TimeSpan.FromSeconds(1));
        Assert.Equal([0, 1], new[] { Await<VideoCommands.StandDown>(Videos), Await<VideoCommands.StandDown>(Videos) }.Select(m => m.Key.Index).Order());
        Assert.Empty(InFlight(run));
        Assert.Single(Written<RunEvents.RunPaused>(Id));

        // A video that ends meanwhile is still recorded, and a crash does not end the pause.
        run.Tell(Finished(0));
        Await<VideoCommands.OutcomeRecorded>(Videos);
        Kill(run);
        run = Start();
        Offer(run, slots: 1);
        Assert.Empty(InFlight(run));
        run.Tell(new ResumeRun("demo"), TestActor);
        Assert.Equal("", ExpectMsg<RunAnswered>().Refusal);
        Await<VideoCommands.ProcessVideo>(Videos, m => m.Key.Index == 2);
        Assert.Equal(("", "", 1), (Progress(run).PausedReason, Progress(run).Trouble, Progress(run).Completed));
    }
}
