using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Inference;
using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Slots;
using ActorCluster.Processing.Tests.Runs;
using ActorCluster.Processing.Videos;
using Akka.Actor;
using Akka.TestKit;
using static ActorCluster.Processing.Slots.SlotMessages;

namespace ActorCluster.Processing.Tests.Slots;

public sealed class SlotBrokerActorTests : ActorTest
{
    private static readonly VideoKey Video = new("demo", 0, 1);

    private readonly TestProbe _videos;
    private readonly TestProbe _node;
    private readonly IActorRef _broker;

    public SlotBrokerActorTests()
    {
        (_videos, _node) = (CreateTestProbe(), CreateTestProbe());
        _broker = Sys.ActorOf(SlotBrokerActor.Props(_videos, _ => NodeLiveness.Alive, () => false));
    }

    [Fact]
    public void RequestSlots_FreeNode_GrantsWithThePathOfTheNodesActor()
    {
        Beat(slots: 2);
        _broker.Tell(new RequestSlots(Video, 0, 1, Alone: true, ""));
        var grant = _videos.ExpectMsg<VideoCommands.SlotsGranted>();
        Assert.Equal((Video, "node", true), (grant.Key, grant.Node, grant.Alone));
        Sys.ActorSelection(grant.NodePath).Tell(new GetSlotTotals());
        _node.ExpectMsg<GetSlotTotals>();
    }

    [Fact]
    public void ReturnLease_OthersWait_GoesToTheNextAtOnce()
    {
        Beat(slots: 1);
        _broker.Tell(new RequestSlots(Video, 0, 1, false, ""));
        var first = _videos.ExpectMsg<VideoCommands.SlotsGranted>();
        _broker.Tell(new RequestSlots(Video with { Index = 1 }, 0, 1, false, ""));
        _broker.Tell(new ReturnLease(first.Leases[0]));
        var second = _videos.ExpectMsg<VideoCommands.SlotsGranted>();
        Assert.Equal(1, second.Key.Index);
        Assert.NotEqual(first.Leases[0], second.Leases[0]);
    }

    [Fact]
    public void GetSlotTotals_NodesComeAndLeave_TellsWhatIsThere()
    {
        Assert.Equal(new SlotTotals(0, 0, 0, MeterReading.Zero), Totals());
        Beat(slots: 3);
        _broker.Tell(new RequestSlots(Video, 0, 2, false, ""));
        Assert.Equal(new SlotTotals(1, 3, 2, MeterReading.Zero), Totals());
        _broker.Tell(new NodeLeaves("node"));
        Assert.Equal(new SlotTotals(1, 0, 2, MeterReading.Zero), Totals());
    }

    [Fact]
    public void GetSlotTotals_OfARunThatIsPaused_TellsNodesWhyTheyHaveNoWork()
    {
        _broker.Tell(new GetSlotTotals(Paused: true), TestActor);
        Beat(slots: 1);
        _node.ExpectMsg<WorkIsPaused>();

        _broker.Tell(new RequestSlots(Video, 0, 9, false, ""));
        _broker.Tell(new GetSlotTotals(Paused: true), TestActor);
        Beat(slots: 1);
        _broker.Tell(new ClassifyWindows(Video, DatasetRunStateTests.Spec(1), "id", "plan", 0, 5));
        _node.ExpectMsg<ClassifyWindows>(); // And nothing before it: another run has demand.
    }

    [Fact]
    public void ClassifyWindows_VideoHasALeaseThere_GoesToThatNodeInTheVideosName()
    {
        var other = CreateTestProbe();
        _broker.Tell(new NodeHeartbeat("a-node", 1, [], [], MeterReading.Zero, 0, ""), other);
        Beat(slots: 1, new LeaseReport("lease", Video, 0, "encode", 1, false, false, ""));
        var question = new ClassifyWindows(Video, DatasetRunStateTests.Spec(1), "id", "plan", 0, 5);
        _broker.Tell(question, TestActor);
        _node.ExpectMsg(question);
        Assert.Equal(TestActor, _node.LastSender);
        _broker.Tell(question with { Key = Video with { Index = 7 } });
        Assert.Equal(7, other.ExpectMsg<ClassifyWindows>().Key.Index);
    }

    [Fact]
    public void Grant_NeverShownByItsNode_IsTakenBackFromBoth()
    {
        Beat(slots: 1);
        _broker.Tell(new RequestSlots(Video, 0, 1, false, ""));
        var grant = _videos.ExpectMsg<VideoCommands.SlotsGranted>();
        VideoCommands.LeaseLost? lost = null;
        AwaitAssert(
            () =>
            {
                Beat(slots: 1);
                lost = _videos.ExpectMsg<VideoCommands.LeaseLost>(TimeSpan.FromMilliseconds(300));
            },
            Deadline);
        Assert.Equal((grant.Leases[0], false, false), (lost!.Lease, lost.NodeLost, lost.Stalled));
        Assert.Equal(grant.Leases[0], _node.ExpectMsg<RevokeLease>().Lease);
    }

    [Fact]
    public void RequestSlots_OfAnActorOfItsOwn_GrantsAndTakesBackThere()
    {
        var trial = CreateTestProbe();
        var path = Akka.Serialization.Serialization.SerializedActorPath(trial);
        Beat(slots: 1);
        _broker.Tell(new RequestSlots(Video, 0, 1, false, path));
        var grant = trial.ExpectMsg<VideoCommands.SlotsGranted>();
        Assert.Equal((Video, ""), (grant.Key, grant.Decoder));
        VideoCommands.LeaseLost? lost = null;
        AwaitAssert(
            () =>
            {
                Beat(slots: 1);
                lost = trial.ExpectMsg<VideoCommands.LeaseLost>(TimeSpan.FromMilliseconds(300));
            },
            Deadline);
        Assert.Equal(grant.Leases[0], lost!.Lease);
        _videos.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void NodeLeavesTheCluster_LeaseKnownFromItsHeartbeatOnly_IsTakenBackFromItsRequester()
    {
        var trial = CreateTestProbe();
        var broker = Sys.ActorOf(SlotBrokerActor.Props(_videos, _ => NodeLiveness.Gone, () => false));
        var report = new LeaseReport("lease", Video, 0, "training", 1, false, false, Akka.Serialization.Serialization.SerializedActorPath(trial));
        broker.Tell(new NodeHeartbeat("node", 1, [report], [], MeterReading.Zero, 0, ""), _node);
        var lost = trial.ExpectMsg<VideoCommands.LeaseLost>();
        Assert.Equal(("lease", true), (lost.Lease, lost.NodeLost));
    }

    private void Beat(int slots, params LeaseReport[] leases) => _broker.Tell(new NodeHeartbeat("node", slots, [.. leases], [], MeterReading.Zero, 0, ""), _node);

    private SlotTotals Totals()
    {
        _broker.Tell(new GetSlotTotals(), TestActor);
        return ExpectMsg<SlotTotals>();
    }
}
