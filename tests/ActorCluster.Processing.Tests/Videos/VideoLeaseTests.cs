using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Videos;
using Akka.Actor;
using Akka.TestKit;
using static ActorCluster.Processing.Slots.SlotMessages;
using static ActorCluster.Processing.Videos.VideoCommands;
using static ActorCluster.Processing.Videos.VideoEvents;

namespace ActorCluster.Processing.Tests.Videos;

/// <summary>A video's leases, with probes in the places of broker and node, so that every order of messages can be played.</summary>
public sealed class VideoLeaseTests : VideoActorTest, IClassFixture<ShortClip>
{
    private readonly TestProbe _broker;
    private readonly TestProbe _worker;
    private readonly IActorRef _house;
    private int _leases;

    public VideoLeaseTests(ShortClip clip)
        : base(clip.Path)
    {
        (_broker, _worker) = (CreateTestProbe(), CreateTestProbe());
        Broker = _broker;
        _house = StartHouse();
    }

    [Fact]
    public void SlotGranted_EachUnit_IsStoredBeforeItIsStarted()
    {
        Demand(4, alone: false);
        for (var unit = 0; unit < 4; unit++)
        {
            var start = Grant();
            Assert.Equal((unit, 1, "clip"), (start.Unit.Index, start.Attempt, start.VideoId));
            Assert.Equal(unit, Events(Order).OfType<ChunkStarted>().Last().Unit);
        }

        Assert.Equal(Refused(), Await<ReturnLease>(_broker).Lease);
    }

    [Fact]
    public void SlotsGranted_BeforeThePlanOrWithoutAnOrder_IsReturned()
    {
        _house.Tell(new SlotsGranted(Order.Key, ["early"], Node.Name, Path(_worker), false, ""));
        Assert.Equal("early", Await<ReturnLease>(_broker).Lease);
    }

    [Fact]
    public void SlotsGranted_ProcessStoodStillTooLong_BeginsNothingMore()
    {
        using var freezes = new FreezeWatch(TimeSpan.Zero);
        var node = new NodeContext(Node.Data, TestPipeline.Tools, new NodeSettings()) { Freezes = freezes };
        var video = Sys.ActorOf(VideoActor.Props(Order.Key with { Run = "again" }, node, _broker, Runs));
        video.Tell(OrderAgain, TestActor);
        video.Tell(new SlotsGranted(OrderAgain.Key, ["late"], Node.Name, Path(_worker), false, ""), TestActor);
        video.Tell(new Identify(1), TestActor); // Answered behind the others.
        ExpectMsg<ActorIdentity>(Deadline);
        Assert.False(_broker.HasMessages);
    }

    [Fact]
    public void WorkStored_TwiceAndOutOfOrder_IsRecordedOnceAndAlwaysAnswered()
    {
        Demand(4, alone: false);
        var units = Enumerable.Range(0, 4).Select(_ => Grant()).ToList();
        foreach (var start in Enumerable.Reverse(units).Concat(units))
        {
            Store(start);
        }

        Assert.Equal([3, 2, 1, 0], Events(Order).OfType<ChunkEncoded>().Select(e => e.Unit));
    }

    [Fact]
    public void WorkInterrupted_LateNewsOfALeaseThatWasTakenBack_DoesNotEndTheOneInItsPlace()
    {
        Demand(4, alone: false);
        var first = Grant();
        _house.Tell(new LeaseLost(Order.Key, first.Lease, "quiet", NodeLost: false, Stalled: true));
        Demand(4, alone: false);
        var second = Grant();
        Assert.Equal((first.Unit, 2), (second.Unit, second.Attempt));
        _house.Tell(new WorkInterrupted(Order.Key, first.Lease, first.Unit.Index, "quiet"), _worker);
        Assert.Equal(first.Lease, Await<VideoReplies.WorkRecorded>(_worker).Lease);
        Assert.Equal(1, Grant().Unit.Index);
        Store(second);
        Assert.Single(Events(Order).OfType<ChunkReleased>());
    }

    [Fact]
    public void LeaseLost_NeverBegun_IsNotChargedToTheVideoButThreeStallsAre()
    {
        Demand(4, alone: false);
        for (var i = 0; i < 5; i++)
        {
            _house.Tell(new LeaseLost(Order.Key, Grant().Lease, "never shown", NodeLost: false, Stalled: false));
            Demand(4, alone: false);
        }

        for (var i = 0; i < 3; i++)
        {
            _house.Tell(new LeaseLost(Order.Key, Grant().Lease, "no progress in stage 'decode'", NodeLost: false, Stalled: true));
        }

        var outcome = Await<RunCommands.VideoFinished>(Runs).Outcome;
        Assert.Equal(("progress", 8, 3), (outcome.Stage, outcome.Attempts, outcome.ChunksStarted));
        Assert.Contains("stage 'decode'", outcome.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void LeaseLost_NodeDied_MakesEveryUnitThereASuspectThatRunsAlone()
    {
        Demand(4, alone: false);
        var lost = new[] { Grant("other"), Grant("other") };
        var kept = new[] { Grant(), Grant() };
        Array.ForEach(lost, start => _house.Tell(new LeaseLost(Order.Key, start.Lease, "silent", NodeLost: true, Stalled: false)));
        Demand(2, alone: true);
        Assert.Equal([0, 1], Events(Order).OfType<ChunkSuspected>().Select(e => e.Unit));
        Array.ForEach(kept, Store);
        Assert.Equal(0, Grant(alone: true).Unit.Index);
    }

    [Fact]
    public void Recovery_ProcessesThatDiedWhileASuspectWasAlone_QuarantineAtTheThird()
    {
        Demand(4, alone: false);
        Grant("process 0");
        Restart();
        Demand(3, alone: false);
        for (var i = 0; i < 3; i++)
        {
            Store(Grant());
        }

        for (var death = 1; death <= 3; death++)
        {
            Demand(1, alone: true);
            Assert.Equal((0, true), (Grant($"process {death}", alone: true) is var start ? start.Unit.Index : -1, start.Alone));
            Restart();
        }

        var outcome = Await<RunCommands.VideoFinished>(Runs).Outcome;
        Assert.Equal((false, "poison", 4), (outcome.Completed, outcome.Stage, outcome.Attempts));
    }

    [Fact]
    public void Recovery_UnitsInFlightInThisVeryProcess_AreAdopted()
    {
        Demand(4, alone: false);
        var start = Grant();
        Restart();
        Demand(3, alone: false);
        Store(start);
        Assert.DoesNotContain(Events(Order), e => e is ChunkSuspected);
    }

    [Fact]
    public void Recovery_WorkerShowsItself_ItsLeaseIsKnownAgain()
    {
        Demand(4, alone: false);
        var start = Grant();
        Restart();
        Demand(3, alone: false);
        var worker = _worker.ChildActorOf(Props.Empty);
        _house.Tell(new WorkProgressed(Order.Key, start.Unit.Index, "audio", 0, start.Lease), worker);
        _house.Tell(new LeaseLost(Order.Key, start.Lease, "silent", NodeLost: true, Stalled: false));
        AwaitCondition(() => Events(Order).OfType<ChunkReleased>().Any(e => e.Unit == start.Unit.Index && !e.Stalled), Deadline);
        Assert.Empty(Events(Order).OfType<ChunkSuspected>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void LeaseLost_NodeOfAClusterFellSilent_IsADeathOnlyIfTheClusterCannotReachIt(bool reachable)
    {
        Others["other"] = reachable ? NodeLiveness.Alive : NodeLiveness.Unreachable;
        Demand(4, alone: false);
        var start = Grant("other");
        _house.Tell(new LeaseLost(Order.Key, start.Lease, "silent", NodeLost: true, Stalled: false));
        AwaitCondition(() => Events(Order).Any(e => reachable ? e is ChunkReleased { Stalled: false } : e is ChunkSuspected), Deadline);
        Assert.DoesNotContain(Events(Order), e => reachable ? e is ChunkSuspected : e is ChunkReleased);
    }

    [Fact]
    public void Advance_NodeDiedTogetherWithTheBroker_IsADeathWithoutBeingTold()
    {
        Others["other"] = NodeLiveness.Alive;
        Demand(4, alone: false);
        var start = Grant("other");
        Others["other"] = NodeLiveness.Gone;
        Demand(3, alone: false);
        AwaitCondition(() => Events(Order).OfType<ChunkSuspected>().Any(e => e.Unit == start.Unit.Index), Deadline);
    }

    [Fact]
    public void Recovery_WorkOnANodeThatIsStillAMember_GoesOnThere()
    {
        Others["other"] = NodeLiveness.Alive;
        Demand(4, alone: false);
        var start = Grant("other");
        Restart();
        Demand(3, alone: false);
        Store(start);
        Assert.DoesNotContain(Events(Order), e => e is ChunkSuspected or ChunkReleased);
    }

    [Fact]
    public void SlotsGranted_MoreThanThereIsWork_StartsWhatThereIsAndReturnsTheRest()
    {
        Demand(4, alone: false);
        _house.Tell(new SlotsGranted(Order.Key, ["a", "b", "c", "d", "e"], Node.Name, Path(_worker), false, ""));
        Assert.Equal("e", Await<ReturnLease>(_broker).Lease);
        var started = Enumerable.Range(0, 4).Select(_ => Await<StartUnit>(_worker)).ToList();
        Assert.Equal(["a", "b", "c", "d"], started.Select(s => s.Lease));
        Assert.Equal(4, started.Select(s => s.Unit.Index).Distinct().Count());
    }

    [Fact]
    public void Recovery_UnitWasStoredAsStartedButNeverBegan_IsAskedForAgain()
    {
        Demand(4, alone: false);
        var start = Grant();
        Restart();
        Demand(3, alone: false);
        Demand(4, alone: false);
        Assert.False(Assert.Single(Events(Order).OfType<ChunkReleased>()).Stalled);
        Assert.Equal((start.Unit, 2), Grant() is var again ? (again.Unit, again.Attempt) : default);
    }

    [Fact]
    public void WorkProgressed_AfterItsResultIsStored_CountsNoFrameTwice()
    {
        Demand(4, alone: false);
        var (audio, chunk) = (Grant(), Grant());
        _house.Tell(new WorkProgressed(Order.Key, chunk.Unit.Index, "decode", 20, chunk.Lease), _worker);
        Await<RunCommands.VideoProgressed>(Runs, m => m.FramesDone == 20);
        Store(chunk);
        _house.Tell(new WorkProgressed(Order.Key, chunk.Unit.Index, "late", 25, chunk.Lease), _worker);
        _house.Tell(new WorkProgressed(Order.Key, audio.Unit.Index, "audio", 0, audio.Lease), _worker);
        Assert.Equal(25, Await<RunCommands.VideoProgressed>(Runs, m => m.Stage == "audio").FramesDone);
    }

    [Fact]
    public void WorkFailed_EnvironmentsFault_IsTroubleAndTheUnitIsAskedForAgain()
    {
        Demand(4, alone: false);
        var start = Grant();
        var fault = new Fault(false, "store", "disk full", "free some", []);
        _house.Tell(new WorkFailed(Order.Key, start.Lease, start.Unit.Index, fault), _worker);
        Await<VideoReplies.WorkRecorded>(_worker);
        Assert.Equal("disk full", Await<RunCommands.VideoTroubled>(Runs).Fault.Cause);
        Assert.Equal(Refused(), Await<ReturnLease>(_broker).Lease);
        Demand(4, alone: false);
        Assert.Equal(2, Grant().Attempt);
    }

    [Fact]
    public void WorkFailed_InputsFault_QuarantinesAndRevokesTheOthers()
    {
        Demand(4, alone: false);
        var (bad, other) = (Grant(), Grant());
        _house.Tell(new WorkFailed(Order.Key, bad.Lease, bad.Unit.Index, new Fault(true, "decode", "corrupt", "", ["tool"])), _worker);
        Assert.Equal(("decode", "corrupt"), Await<RunCommands.VideoFinished>(Runs).Outcome is var o ? (o.Stage, o.Cause) : default);
        Assert.Equal(other.Lease, Await<RevokeLease>(_worker).Lease);
    }

    [Fact]
    public void StandDown_PausedRun_GivesBackSlotsAndLeasesUntilTheNextPing()
    {
        Demand(4, alone: false);
        var start = Grant();
        _house.Tell(new StandDown(Order.Key));
        Assert.Equal(start.Lease, Await<RevokeLease>(_worker).Lease);
        Await<RequestSlots>(_broker, m => m.Wanted == 0);
        Assert.Equal(Refused(), Await<ReturnLease>(_broker).Lease);
        _house.Tell(new WorkInterrupted(Order.Key, start.Lease, start.Unit.Index, "paused"), _worker);
        Await<VideoReplies.WorkRecorded>(_worker);
        Demand(4, alone: false);
    }

    [Fact]
    public void StandDown_EverythingIsBack_ComesToRestAndTellsIt()
    {
        Demand(4, alone: false);
        var start = Grant();
        _house.Tell(new StandDown(Order.Key));
        _house.Tell(new StandDown(Order.Key));
        Await<RevokeLease>(_worker);
        _house.Tell(new WorkInterrupted(Order.Key, start.Lease, start.Unit.Index, "cancelled"), _worker);
        Await<RunCommands.VideoRested>(Runs);
        Await<VideoHouse.Gone>(House);
        _house.Tell(new StandDown(Order.Key)); // The run has not heard it: whoever wakes is at rest at once.
        Await<RunCommands.VideoRested>(Runs);
    }

    [Fact]
    public void HoldVideo_UnitsInFlight_FinishAndAreKeptAndNothingNewStarts()
    {
        Demand(4, alone: false);
        var (first, second) = (Grant(), Grant());
        _house.Tell(new HoldVideo(Order.Key));
        Await<RequestSlots>(_broker, m => m.Wanted == 0);
        Assert.Equal(Refused(), Await<ReturnLease>(_broker).Lease);
        Store(first);
        Assert.Equal(2, Events(Order).OfType<ChunkStarted>().Count());
        Store(second);
        Await<RunCommands.VideoRested>(Runs);
        Await<VideoHouse.Gone>(House);
        Assert.DoesNotContain(Events(Order), e => e is ChunkReleased);

        // Work that was thought ended and is not is recorded by whoever wakes for it; the next ping goes on with the rest alone.
        Demand(2, alone: false);
        Assert.Equal(2, Grant().Unit.Index);
    }

    [Fact]
    public void ProcessVideo_OtherPriority_AsksWithIt()
    {
        Demand(4, alone: false);
        _house.Tell(Order with { Priority = 9 });
        Await<RequestSlots>(_broker, m => m is { Priority: 9, Wanted: 4 });
    }

    [Fact]
    public void QuarantineVideo_InFlight_EndsItWithTheOperatorsCauseAndRevokesItsLeases()
    {
        Demand(4, alone: false);
        var start = Grant();
        _house.Tell(new QuarantineVideo(Order.Key, "not ours"));
        var outcome = Await<RunCommands.VideoFinished>(Runs).Outcome;
        Assert.Equal((false, "operator", "not ours"), (outcome.Completed, outcome.Stage, outcome.Cause));
        Assert.Equal(start.Lease, Await<RevokeLease>(_worker).Lease);
        _house.Tell(new WorkStored(Order.Key, start.Lease, start.Unit.Index, -1, 0, true, 1), _worker); // In that moment.
        Await<VideoReplies.WorkRecorded>(_worker);
        _house.Tell(new QuarantineVideo(Order.Key, "again"));
        Assert.Equal("not ours", Await<RunCommands.VideoFinished>(Runs).Outcome.Cause);
        Assert.Single(Events(Order).OfType<VideoQuarantined>());
    }

    [Fact]
    public void QuarantineVideo_NeverTakenUp_EndsItWithoutItsRunsOrder()
    {
        _house.Tell(new QuarantineVideo(Order.Key, "not ours"));
        Assert.Equal("operator", Await<RunCommands.VideoFinished>(Runs).Outcome.Stage);
        _house.Tell(new OutcomeRecorded(Order.Key));
        Await<VideoHouse.Gone>(House);
    }

    [Fact]
    public void GetVideo_ReducedHistory_StillHasAttemptsNodesAndTimes()
    {
        Others["other"] = NodeLiveness.Alive;
        Demand(4, alone: false);
        var lost = Grant("other");
        _house.Tell(new WorkInterrupted(Order.Key, lost.Lease, lost.Unit.Index, "the node is stopping"), _worker);
        Demand(4, alone: false);
        Store(Grant());
        _house.Tell(new QuarantineVideo(Order.Key, "enough"));
        Await<RunCommands.VideoFinished>(Runs);
        _house.Tell(new OutcomeRecorded(Order.Key));
        Await<VideoHouse.Gone>(House);

        _house.Tell(new GetVideo(Order.Key, 0), TestActor);
        var shown = ExpectMsg<VideoReplies.VideoShown>();
        Assert.Equal((VideoPhase.Quarantined, ShortClip.Frames, "enough", VideoReplies.VideoShown.End), (shown.Phase, shown.Plan!.Frames, shown.Outcome!.Cause, shown.NextUnit));
        Assert.Equal(["audio", "chunk 0", "chunk 1", "chunk 2"], shown.Units.Select(u => u.Name));
        Assert.Equal(["encoded", "given up", "given up", "given up"], shown.Units.Select(u => u.State));
        Assert.Equal(2, shown.Units[0].Attempts);
        Assert.Equal(
            [("other", AttemptEnd.Released, "the node is stopping"), (Node.Name, AttemptEnd.Encoded, "")],
            shown.Units[0].Tries.Select(t => (t.Node, t.End, t.Cause)));
        Assert.All(shown.Units[0].Tries, t => Assert.True(t.EndedAt >= t.StartedAt));
        Await<VideoHouse.Gone>(House); // Woken for that alone.
    }

    private static string Path(TestProbe probe) => Akka.Serialization.Serialization.SerializedActorPath(probe);

    /// <summary>Pings the video and waits until it asks for so many slots.</summary>
    private void Demand(int wanted, bool alone)
    {
        _house.Tell(Order);
        Await<RequestSlots>(_broker, m => m.Wanted == wanted && m.Alone == alone);
    }

    private StartUnit Grant(string? node = null, bool alone = false)
    {
        var lease = $"lease-{++_leases}";
        _house.Tell(new SlotsGranted(Order.Key, [lease], node ?? Node.Name, Path(_worker), alone, ""));
        return Await<StartUnit>(_worker, m => m.Lease == lease);
    }

    private string Refused()
    {
        var lease = $"lease-{++_leases}";
        _house.Tell(new SlotsGranted(Order.Key, [lease], Node.Name, Path(_worker), false, ""));
        return lease;
    }

    private void Store(StartUnit start)
    {
        var stored = new WorkStored(Order.Key, start.Lease, start.Unit.Index, start.Unit.Audio ? -1 : start.Unit.FirstChunk, start.Unit.ChunkCount, start.Unit.Audio, 0.5);
        _house.Tell(stored, _worker);
        Await<VideoReplies.WorkRecorded>(_worker, m => m.Lease == start.Lease && m.FirstChunk == stored.FirstChunk);
    }

    private void Restart()
    {
        _house.Tell(new VideoHouse.Crash(Order.Key));
        Await<VideoHouse.Gone>(House);

        // What the dead actor asked for must not be taken for the next one's.
        var marker = new object();
        _broker.Ref.Tell(marker);
        Await<object>(_broker, m => ReferenceEquals(m, marker));
        _house.Tell(Order);
    }
}
