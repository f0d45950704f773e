using ActorCluster.Processing.Control;
using ActorCluster.Processing.Decoding;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Inference;
using ActorCluster.Processing.Tests.Videos;
using ActorCluster.Processing.Videos;
using Akka.Actor;
using Akka.TestKit;
using static ActorCluster.Processing.Control.ControlMessages;
using static ActorCluster.Processing.Slots.SlotMessages;
using static ActorCluster.Processing.Videos.VideoCommands;

namespace ActorCluster.Processing.Tests.Control;

/// <summary>A real inference node on a real clip and the way to control it; broker and video are probes.</summary>
public sealed class NodeControlActorTests : VideoActorTest, IClassFixture<ShortClip>
{
    private readonly TestProbe _broker;
    private readonly TestProbe _video;
    private readonly IActorRef _inference;
    private readonly IActorRef _control;
    private readonly string _plan;

    public NodeControlActorTests(ShortClip clip)
        : base(clip.Path)
    {
        (_broker, _video) = (CreateTestProbe(), CreateTestProbe());
        var info = new Media.VideoProbe(TestPipeline.Tools).ProbeAsync(clip.Path, CancellationToken.None).GetAwaiter().GetResult();
        _plan = Node.Plans.Write("demo", Order.Id, info);
        _inference = Sys.ActorOf(InferenceNodeActor.Props(Node, _broker, _video));
        _control = Sys.ActorOf(NodeControlActor.Props(Node, _inference, decoder: null));
    }

    [Fact]
    public void GetNodeReport_IdleNode_TellsWhatItIs()
    {
        Await<NodeHeartbeat>(_broker);
        var report = Report();
        Assert.Equal((Node.Name, 2, 0, false, true), (report.Node, report.Slots, report.SlotsInUse, report.IsDrained, report.StorePresent));
        Assert.True(report is { MemoryBytes: > 10_000_000, Cores: > 0, UptimeSeconds: > 0, StagingBytes: 0, StagingBudget: 1 << 30 });
        Assert.Equal("cpu", report.Device!.Name);
        Assert.Equal(1, report.Device.Shares.NoDemand, 0.01);
        Assert.Empty(report.Units);
    }

    [Fact]
    public void GetNodeReport_UnitInWork_NamesItUntilItEndsAndCountsItsPasses()
    {
        _inference.Tell(Unit("lease"));
        AwaitCondition(() => Report().Units is [{ Run: "demo", Video: "clip" }], Deadline);
        Finish("lease");
        AwaitCondition(() => Report() is { Units.IsEmpty: true, SlotsInUse: 0 }, Deadline);
        var device = Report().Device!;
        Assert.True(device.Shares.Busy > 0);
        var encoder = Assert.Single(device.Encoders);
        Assert.Equal("test, visual", encoder.Name);
        Assert.True(encoder is { Batch: > 0, Fill: > 0 and <= 1, PassesPerSecond: > 0 });
    }

    [Fact]
    public void SetDrained_UnitInWork_TakesNothingNewAndFinishesWhatItHas()
    {
        _inference.Tell(Unit("first"));
        Await<NodeHeartbeat>(_broker, m => m.Leases.Length == 1);

        Assert.Contains("what is in work goes on to its end (units: 1)", Command(new SetDrained(true)).Words, StringComparison.Ordinal);
        Await<NodeHeartbeat>(_broker, m => m.Slots == 0);
        _inference.Tell(Unit("late"));
        Assert.Contains("drained", Await<WorkInterrupted>(_video, m => m.Lease == "late").Reason, StringComparison.Ordinal);
        Assert.Equal("late", Await<ReturnLease>(_broker).Lease);
        Finish("first");
        Assert.Contains("was drained already", Command(new SetDrained(true)).Words, StringComparison.Ordinal);

        Assert.True(Command(new SetDrained(false)).Done);
        Await<NodeHeartbeat>(_broker, m => m.Slots == 2);
        _inference.Tell(Unit("again"));
        Await<NodeHeartbeat>(_broker, m => m.Leases.Length == 1);
    }

    [Fact]
    public void SetDrained_BrokerIsReplaced_StaysDrained()
    {
        Command(new SetDrained(true));
        Await<NodeHeartbeat>(_broker, m => m.Slots == 0);

        // A new broker knows nothing and learns all from the heartbeats that come after.
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(0, Await<NodeHeartbeat>(_broker).Slots);
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(65)]
    public void SetSlots_OutOfBounds_IsRefusedWithThem(int slots)
    {
        var answer = Command(new SetSlots(slots));
        Assert.Equal((false, $"{slots} slots are not possible: choose 0 to 64."), (answer.Done, answer.Words));
        Assert.Equal(2, Report().Slots);
    }

    [Fact]
    public void SetSlots_MoreOrFewer_ChangesWhatIsOfferedAndWhatIsTaken()
    {
        Assert.True(Command(new SetSlots(5)).Done);
        Await<NodeHeartbeat>(_broker, m => m.Slots == 5);
        _inference.Tell(Unit("first"));
        Await<NodeHeartbeat>(_broker, m => m.Leases.Length == 1);
        Assert.Contains("1 units more than that go on", Command(new SetSlots(0)).Words, StringComparison.Ordinal);
        Await<NodeHeartbeat>(_broker, m => m.Slots == 0);
        _inference.Tell(Unit("late"));
        Assert.Contains("no free slot", Await<WorkInterrupted>(_video, m => m.Lease == "late").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Commands_NodeWithoutTheRoleGpu_SayWhy()
    {
        var worker = Sys.ActorOf(NodeControlActor.Props(Node, inference: null, decoder: null));
        Assert.Contains("neither the role gpu nor decode slots", Command(new SetDrained(true), worker).Words, StringComparison.Ordinal);
        Assert.Contains("does not have the role gpu", Command(new SetSlots(3), worker).Words, StringComparison.Ordinal);
        worker.Tell(new GetNodeReport(), TestActor);
        Assert.Null(Fish<NodeReport>().Device);
    }

    [Fact]
    public void SetDrained_NodeThatDecodesForOthers_OffersNoMoreStreams()
    {
        var worker = new NodeContext(Node.Data, TestPipeline.Tools, new NodeSettings { DecodeSlots = 2 });
        var decoder = Sys.ActorOf(DecodeServerActor.Props(worker, _broker));
        Await<DecodeMessages.DecoderHeartbeat>(_broker, m => m.Slots == 2);
        Assert.True(Command(new SetDrained(true), Sys.ActorOf(NodeControlActor.Props(worker, inference: null, decoder))).Done);
        Await<DecodeMessages.DecoderHeartbeat>(_broker, m => m.Slots == 0);
        decoder.Tell(new DecodeMessages.OpenDecode(Node.Name, "", Unit("late")), TestActor);
        Assert.Contains("drained", Fish<DecodeMessages.DecodeRefused>().Reason, StringComparison.Ordinal);
        worker.Pipelines.Dispose();
    }

    [Fact]
    public void WorkIsPaused_IdleNode_IsWhyItsDeviceStandsIdle()
    {
        AwaitCondition(
            () =>
            {
                _inference.Tell(new WorkIsPaused());
                return Report().Device!.Shares.Paused > 0.2;
            },
            Deadline);
    }

    [Fact]
    public void LeaveCluster_Node_IsToldToLeave()
    {
        Assert.True(Command(new LeaveCluster()).Done);
        AwaitCondition(() => Node.ToldToLeave.IsCompleted, Deadline);
    }

    [Fact]
    public void GetNodeReport_DataFolderGone_SaysSoWithoutWaitingForIt()
    {
        var (root, aside) = (Node.Data.Root, Node.Data.Root + "-aside");
        Directory.Move(root, aside);
        AwaitCondition(() => !Report().StorePresent, Deadline);
        Directory.Move(aside, root);
        AwaitCondition(() => Report().StorePresent, Deadline);
    }

    private NodeReport Report()
    {
        _control.Tell(new GetNodeReport(), TestActor);
        return Fish<NodeReport>();
    }

    private ControlOutcome Command(object command, IActorRef? control = null)
    {
        (control ?? _control).Tell(command, TestActor);
        return Fish<ControlOutcome>();
    }

    private T Fish<T>() => (T)FishForMessage(m => m is T, Deadline);

    private StartUnit Unit(string lease) => new(lease, Order.Key, Order.Run, Order.Id, new WorkUnit(1, 0, 3, Audio: false), 1, false, _plan, [], false, 0, "", Decoder: "");

    private void Finish(string lease)
    {
        for (var chunk = 0; chunk < 3; chunk++)
        {
            Await<WorkStored>(_video, m => m.FirstChunk == chunk && m.Lease == lease);
            Sys.ActorSelection(_inference.Path / "*").Tell(new VideoReplies.WorkRecorded(lease, chunk));
        }

        Await<NodeHeartbeat>(_broker, m => m.Leases.IsEmpty);
    }
}
