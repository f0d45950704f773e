using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Videos;
using Akka.Actor;
using static ActorCluster.Processing.Runs.RunCommands;

namespace ActorCluster.Processing.Tests.Runs;

/// <summary>What operators command a run's actor, and what it tells videos and catalogue.</summary>
public sealed class DatasetRunCommandsTests : DatasetRunActorTest
{
    [Fact]
    public void PauseRun_VideosInFlight_AreHeldUntilTheyRestAndNothingNewStarts()
    {
        var run = Drive(videos: 6, slots: 1);
        Assert.Equal([0, 1], InFlight(run));
        Command(run, new PauseRun("demo"));
        Assert.Equal([0, 1], new[] { Await<VideoCommands.HoldVideo>(Videos), Await<VideoCommands.HoldVideo>(Videos) }.Select(m => m.Key.Index).Order());
        Await<RunTold>(Catalog, m => m.Digest.Phase == RunPhase.Paused);

        // One ends, one comes to rest; neither makes room for another.
        run.Tell(Finished(0));
        Await<VideoCommands.OutcomeRecorded>(Videos);
        run.Tell(new VideoRested("demo", 1));
        Offer(run, slots: 4);
        var paused = Progress(run);
        Assert.Equal((RunPhase.Paused, "paused by operator", 1, 0), (paused.Phase, paused.PausedReason, paused.Completed, paused.InFlight.Length));

        // A video that the pause did not reach is told when it shows itself, also by a run that has just woken.
        Kill(run);
        run = Start();
        run.Tell(new VideoProgressed("demo", 2, 1, 10, 1, "decode"));
        Await<VideoCommands.HoldVideo>(Videos, m => m.Key.Index == 2);
        Assert.Contains("paused already", Refused(run, new PauseRun("demo")), StringComparison.Ordinal);

        Command(run, new ResumeRun("demo"));
        Offer(run, slots: 1);
        Await<VideoCommands.ProcessVideo>(Videos, m => m.Key.Index == 2);
        Assert.Equal([1, 2], InFlight(run));
        Assert.Contains("is running", Refused(run, new ResumeRun("demo")), StringComparison.Ordinal);
    }

    [Fact]
    public void CancelRun_InTheMiddle_StandsEverythingDownAndEndsWithCountsThatAddUp()
    {
        var run = Drive(videos: 5, slots: 1);
        run.Tell(Finished(0));
        run.Tell(Finished(1, completed: false)); // Told, perhaps not yet stored: what has ended before the command has ended.
        Assert.Equal(3, Command(run, new CancelRun("demo")));
        var end = Await<RunFinished>(Catalog).Digest!;
        Assert.Equal((RunPhase.Cancelled, 1, 1, 3), (end.Phase, end.Completed, end.Quarantined, end.Cancelled));
        var standing = Await<VideoCommands.StandDown>(Videos).Key.Index;
        run.Tell(new VideoRested("demo", standing));
        run.Tell(Finished(standing)); // Too late.
        Await<VideoCommands.OutcomeRecorded>(Videos, m => m.Key.Index == standing);
        var progress = Progress(run);
        Assert.Equal((5, 1, 1, 3, true), (progress.Registered, progress.Completed, progress.Quarantined, progress.Cancelled, progress.IsCompleted));

        for (; Videos.HasMessages; Videos.ReceiveOne(TimeSpan.Zero))
        {
            // Of before.
        }

        Offer(run, slots: 4);
        Assert.Equal(RunPhase.Cancelled, Progress(run).Phase); // By now it would have told them.
        while (Videos.HasMessages)
        {
            Assert.IsNotType<VideoCommands.ProcessVideo>(Videos.ReceiveOne(TimeSpan.Zero));
        }

        Assert.Contains("is cancelled", Refused(run, new ResumeRun("demo")), StringComparison.Ordinal);
        Kill(run);
        Assert.Equal(RunPhase.Cancelled, Progress(Start()).Phase);
    }

    [Fact]
    public void PrioritiseRun_InFlight_TravelsAtOnceAndSurvivesACrash()
    {
        var run = Drive(videos: 4, slots: 1);
        Await<VideoCommands.ProcessVideo>(Videos, m => m.Key.Index == 1 && m.Priority == 0);
        Command(run, new PrioritiseRun("demo", 7));
        Await<VideoCommands.ProcessVideo>(Videos, m => m.Key.Index == 1 && m.Priority == 7);
        Command(run, new PrioritiseRun("demo", 7));
        Assert.Single(Written<RunEvents.RunPriorityChanged>(Id));
        Kill(run);
        run = Start();
        Offer(run, slots: 1);
        Await<VideoCommands.ProcessVideo>(Videos, m => m.Key.Index == 0 && m.Priority == 7);
        Assert.Equal(7, Progress(run).Priority);
    }

    [Fact]
    public void RetryVideos_EndedRun_RunsThemUnderANewRevisionAndIsOpenedInTheCatalogueAgain()
    {
        var run = Drive(videos: 3, slots: 4);
        foreach (var (index, completed) in new[] { (0, true), (1, false), (2, false) })
        {
            run.Tell(Finished(index, completed));
        }

        Await<RunFinished>(Catalog);
        Assert.Contains("no quarantined video", Refused(run, new RetryVideos("demo", All: false, [0])), StringComparison.Ordinal);
        Assert.Equal(1, Command(run, new RetryVideos("demo", All: false, [0, 2])));
        Assert.Equal(2, Await<VideoCommands.ProcessVideo>(Videos, m => m.Key.Index == 2 && m.Key.Revision > 1).Key.Revision);
        Assert.Equal(RunPhase.Running, Progress(run).Phase);

        // The catalogue hears of it until it has said that it knows, by the next life of the run, too.
        Await<SubmitRun>(Catalog);
        Kill(run);
        run = Start();
        Await<SubmitRun>(Catalog);
        Await<SubmitRun>(Catalog);
        run.Tell(new RunAccepted("demo"));
        Offer(run, slots: 4);
        Assert.Equal([2], InFlight(run));

        run.Tell(Finished(2, completed: true)); // Of the revision before.
        run.Tell(Finished(2, completed: true, revision: 2));
        Assert.Equal((2, 1), Await<RunFinished>(Catalog).Digest is var d ? (d!.Completed, d.Quarantined) : default);
        Assert.Equal(2, Written<RunEvents.RunCompleted>(Id).Count());
    }

    [Fact]
    public void QuarantineVideo_NotEnded_IsAnsweredOnceTheVideoHasToldItsEnd()
    {
        var run = Drive(videos: 3, slots: 1);
        run.Tell(new QuarantineVideo("demo", 2, "a duplicate"), TestActor);
        Assert.Equal("a duplicate", Await<VideoCommands.QuarantineVideo>(Videos, m => m.Key.Index == 2).Cause);
        Await<VideoCommands.QuarantineVideo>(Videos); // Again, for as long as nothing comes back.
        run.Tell(Finished(2, completed: false));
        Assert.Equal(("", 1), ExpectMsg<RunAnswered>() is var a ? (a.Refusal, a.Videos) : default);
        Assert.Equal(1, Progress(run).Quarantined);

        // It can have completed in that very moment.
        run.Tell(new QuarantineVideo("demo", 0, "too late"), TestActor);
        Await<VideoCommands.QuarantineVideo>(Videos, m => m.Key.Index == 0);
        run.Tell(Finished(0));
        Assert.Contains("is completed", ExpectMsg<RunAnswered>().Refusal, StringComparison.Ordinal);
        Assert.Contains("is quarantined", Refused(run, new QuarantineVideo("demo", 2, "again")), StringComparison.Ordinal);
        Assert.Contains("no video 9", Refused(run, new QuarantineVideo("demo", 9, "which")), StringComparison.Ordinal);
    }

    [Fact]
    public void DeleteRun_RunningOrVideosNotAtRest_IsRefusedAndLaterAllowed()
    {
        var run = Drive(videos: 3, slots: 1);
        Assert.Contains("is running", Refused(run, new DeleteRun("demo")), StringComparison.Ordinal);
        Command(run, new CancelRun("demo"));
        Assert.Contains("2 of its videos are not at rest", Refused(run, new DeleteRun("demo")), StringComparison.Ordinal);
        run.Tell(new VideoRested("demo", 0));
        run.Tell(new VideoRested("demo", 1));
        Assert.Equal(3, Command(run, new DeleteRun("demo")));
    }

    [Fact]
    public void AnyCommand_UnknownRun_IsRefusedAndNothingIsStored()
    {
        var run = Start();
        IRunMessage[] commands =
        [
            new PauseRun("demo"), new ResumeRun("demo"), new CancelRun("demo"), new PrioritiseRun("demo", 1), new RetryVideos("demo", true, []), new QuarantineVideo("demo", 0, "x"),
            new WriteReport("demo"), new DeleteRun("demo"),
        ];
        Assert.All(commands, command => Assert.Equal("There is no such run.", Refused(run, command)));
        Assert.Empty(ProbedJournal.Written(Sys));
    }

    private int Command(IActorRef run, IRunMessage command)
    {
        run.Tell(command, TestActor);
        var answer = ExpectMsg<RunAnswered>();
        Assert.Equal("", answer.Refusal);
        return answer.Videos;
    }

    private string Refused(IActorRef run, IRunMessage command)
    {
        run.Tell(command, TestActor);
        var answer = ExpectMsg<RunAnswered>();
        Assert.NotEmpty(answer.Refusal);
        return answer.Refusal;
    }
}
