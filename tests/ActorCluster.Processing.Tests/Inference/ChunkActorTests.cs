using ActorCluster.Processing.Inference;
using ActorCluster.Processing.Tests.Videos;
using ActorCluster.Processing.Videos;
using ActorCluster.Media;
using Akka.Actor;
using Akka.TestKit;
using static ActorCluster.Processing.Slots.SlotMessages;
using static ActorCluster.Processing.Videos.VideoCommands;

namespace ActorCluster.Processing.Tests.Inference;

/// <summary>A real inference node on a real clip; broker and video are probes.</summary>
public sealed class ChunkActorTests : VideoActorTest, IClassFixture<ShortClip>
{
    private readonly TestProbe _broker;
    private readonly TestProbe _video;
    private readonly IActorRef _inference;
    private readonly string _plan;

    public ChunkActorTests(ShortClip clip)
        : base(clip.Path)
    {
        (_broker, _video) = (CreateTestProbe(), CreateTestProbe());
        var info = new VideoProbe(TestPipeline.Tools).ProbeAsync(clip.Path, CancellationToken.None).GetAwaiter().GetResult();
        _plan = Node.Plans.Write("demo", Order.Id, info);
        _inference = Sys.ActorOf(InferenceNodeActor.Props(Node, _broker, _video));
    }

    [Fact]
    public void StartUnit_SequentialChunks_ReportsEachUntilItIsRecordedAndEndsWithItsLease()
    {
        Start(new WorkUnit(1, 0, 3, Audio: false));
        Await<NodeHeartbeat>(_broker, m => m.Leases.Length == 1);
        foreach (var chunk in (int[])[0, 1, 2])
        {
            Await<WorkStored>(_video, m => m.FirstChunk == chunk);
            Await<WorkStored>(_video, m => m.FirstChunk == chunk);
            Record(chunk);
        }

        Await<NodeHeartbeat>(_broker, m => m.Leases.IsEmpty);
        Assert.All(Enumerable.Range(0, 3), c => Assert.True(Node.Features.HasChunk(Order.Run.EncoderHash, Info.ContentHash, c)));
        Assert.Equal(ShortClip.Frames, Node.Meter.Frames);
    }

    [Fact]
    public void RevokeLease_ResultsAreRecordedMeanwhile_ReportsTheInterruptionUntilItIsRecordedToo()
    {
        Start(new WorkUnit(1, 0, 3, Audio: false));
        Await<WorkStored>(_video, m => m.FirstChunk == 0);
        _inference.Tell(new RevokeLease("lease", "the run was paused"));
        Await<WorkInterrupted>(_video);
        for (var chunk = 0; chunk < 3; chunk++)
        {
            Record(chunk);
        }

        Await<WorkInterrupted>(_video);
        Await<WorkInterrupted>(_video);
        Record(VideoReplies.WorkRecorded.End);
        Await<NodeHeartbeat>(_broker, m => m.Leases.IsEmpty);
    }

    [Fact]
    public void StartUnit_OtherEncoder_FailsAsTheEnvironmentsFault()
    {
        _inference.Tell(Unit(new WorkUnit(0, 0, 0, Audio: true)) with { Run = Order.Run with { EncoderHash = new string('0', 64) } });
        var failed = Await<WorkFailed>(_video);
        Assert.Equal((false, "pipeline"), (failed.Fault.IsInput, failed.Fault.Stage));
    }

    [Fact]
    public void StartUnit_DataFolderGone_IsTheEnvironmentsFaultAndNoSlotIsOfferedUntilItIsBack()
    {
        var (root, aside) = (Node.Data.Root, Node.Data.Root + "-aside");
        Await<NodeHeartbeat>(_broker, m => m.Slots > 0);
        Directory.Move(root, aside);
        Start(new WorkUnit(1, 0, 3, Audio: false));

        var failed = Await<WorkFailed>(_video);
        Assert.Equal((false, "store"), (failed.Fault.IsInput, failed.Fault.Stage));
        Await<NodeHeartbeat>(_broker, m => m.Slots == 0);
        Assert.Equal("lease", Await<ReturnLease>(_broker).Lease);

        Directory.Move(aside, root);
        Await<NodeHeartbeat>(_broker, m => m.Slots > 0);
    }

    [Fact]
    public void Drain_WorkInFlight_HandsItBackAndAnswersWhenNothingIsLeft()
    {
        Start(new WorkUnit(1, 0, 3, Audio: false));
        Await<WorkProgressed>(_video);
        _inference.Tell(new InferenceMessages.Drain(TimeSpan.Zero), TestActor);
        Assert.Equal(Node.Name, Await<NodeLeaves>(_broker).Node);
        Assert.Equal("lease", Await<WorkInterrupted>(_video).Lease);
        Record(VideoReplies.WorkRecorded.End);
        Enumerable.Range(0, 3).ToList().ForEach(Record);
        ExpectMsg<InferenceMessages.Drained>();
        _inference.Tell(Unit(new WorkUnit(0, 0, 0, Audio: true)) with { Lease = "late" });
        Await<WorkInterrupted>(_video, m => m.Lease == "late");
        Await<NodeHeartbeat>(_broker, m => m.Slots == 0);
    }

    private VideoInfo Info => Node.Plans.Read("demo", Order.Id, _plan);

    private StartUnit Unit(WorkUnit unit) => new("lease", Order.Key, Order.Run, Order.Id, unit, 1, false, _plan, [], false, 0, "", Decoder: "");

    private void Start(WorkUnit unit) => _inference.Tell(Unit(unit));

    private void Record(int chunk) => Sys.ActorSelection(_inference.Path / "*").Tell(new VideoReplies.WorkRecorded("lease", chunk));
}
