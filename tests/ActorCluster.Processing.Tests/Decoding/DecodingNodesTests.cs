using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using ActorCluster.Processing.Decoding;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Inference;
using ActorCluster.Processing.Tests.Videos;
using ActorCluster.Processing.Videos;
using Akka.Actor;
using Akka.TestKit;
using static ActorCluster.Processing.Decoding.DecodeMessages;
using static ActorCluster.Processing.Slots.SlotMessages;
using static ActorCluster.Processing.Videos.VideoCommands;

namespace ActorCluster.Processing.Tests.Decoding;

/// <summary>A real inference node and a real decoding node, with all of their actors; broker and video are probes.</summary>
public sealed class DecodingNodesTests : VideoActorTest, IClassFixture<ShortClip>
{
    private readonly TestProbe _broker;
    private readonly TestProbe _video;
    private readonly IActorRef _inference;
    private readonly NodeContext _worker;
    private readonly string _plan;

    public DecodingNodesTests(ShortClip clip)
        : base(clip.Path)
    {
        (_broker, _video) = (CreateTestProbe(), CreateTestProbe());
        var info = new Media.VideoProbe(TestPipeline.Tools).ProbeAsync(clip.Path, CancellationToken.None).GetAwaiter().GetResult();
        _plan = Node.Plans.Write("demo", Order.Id, info);
        _worker = new NodeContext(Node.Data, TestPipeline.Tools, new NodeSettings { DecodeSlots = 2 });
        _inference = Sys.ActorOf(InferenceNodeActor.Props(Node, _broker, _video));
    }

    [Fact]
    public void StartUnit_DecoderOnAnotherNode_StoresTheSameFeaturesAndDecodesNothingHere()
    {
        Finish(Unit("here", decoder: ""));
        var here = Features();
        Assert.Equal(3, here.Count);
        Directory.Delete(Node.Data.Features, recursive: true);
        var framesHere = Node.Meter.Frames;
        var decoder = Sys.ActorOf(DecodeServerActor.Props(_worker, _broker));
        Finish(Unit("there", Path(decoder)));
        Assert.Equal(here, Features());
        Assert.Equal((ShortClip.Frames, framesHere), (_worker.Meter.Frames, Node.Meter.Frames));
        Await<DecoderHeartbeat>(_broker, m => m is { Slots: 2, Serves.IsEmpty: true } && m.Node == _worker.Name);
    }

    [Fact]
    public async Task StartUnit_DecoderIsLostInTheMiddle_IsInterruptedWithoutFaultAndDoneHereTheNextTime()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var decoder = CreateTestProbe();
        _inference.Tell(Unit("lost", Path(decoder)));
        var asked = decoder.ExpectMsg<OpenDecode>(Deadline);
        Assert.Equal((Node.Name, "lost"), (asked.Node, asked.Order.Lease));
        decoder.Reply(new DecodeOffered("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, new byte[16]));
        using (var socket = await listener.AcceptSocketAsync())
        {
            Assert.Equal(20, await socket.ReceiveAsync(new byte[20]));
            await socket.SendAsync(new byte[] { (byte)DecodeFrame.Batch, 8, 0 });
        }

        var interrupted = Await<WorkInterrupted>(_video);
        Assert.Equal("lost", interrupted.Lease);
        Assert.Contains("was lost", interrupted.Reason, StringComparison.Ordinal);
        Sys.ActorSelection(_inference.Path / "*").Tell(new VideoReplies.WorkRecorded("lost", VideoReplies.WorkRecorded.End));
        Await<NodeHeartbeat>(_broker, m => m.Leases.IsEmpty);
        Assert.Equal(0, Node.Staging.InUse);

        Finish(Unit("again", Path(decoder)) with { Attempt = 2 });
        Assert.Equal(ShortClip.Frames, Node.Meter.Frames);
        decoder.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void StartUnit_SuspectThatMustBeAlone_IsDecodedHere()
    {
        var decoder = CreateTestProbe();
        Finish(Unit("alone", Path(decoder)) with { Alone = true });
        decoder.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void StartUnit_BudgetTooSmallForABatch_FailsAsTheEnvironmentsByName()
    {
        var node = new NodeContext(Node.Data, TestPipeline.Tools, new NodeSettings { Slots = 1, StagingBytes = 100_000 });
        var inference = Sys.ActorOf(InferenceNodeActor.Props(node, _broker, _video));
        inference.Tell(Unit("small", decoder: ""));
        var failed = Await<WorkFailed>(_video);
        Assert.Equal((false, "staging"), (failed.Fault.IsInput, failed.Fault.Stage));
        Assert.Contains("staging_bytes is 100000", failed.Fault.Cause, StringComparison.Ordinal);
        node.Pipelines.Dispose();
    }

    [Fact]
    public void Drain_Decoder_TakesNothingMoreAndAnswersWhenNothingIsLeft()
    {
        var decoder = Sys.ActorOf(DecodeServerActor.Props(_worker, _broker));
        decoder.Tell(new InferenceMessages.Drain(TimeSpan.FromSeconds(1)), TestActor);
        ExpectMsg<InferenceMessages.Drained>(Deadline);
        Await<DecoderHeartbeat>(_broker, m => m.Slots == 0);
        decoder.Tell(new OpenDecode(Node.Name, "", Unit("late", decoder: "")), TestActor);
        Assert.Contains("stopping", FishForMessage<DecodeRefused>(_ => true, Deadline).Reason, StringComparison.Ordinal);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _worker.Pipelines.Dispose();
    }

    private static string Path(IActorRef actor) => Akka.Serialization.Serialization.SerializedActorPath(actor);

    private static string Path(TestProbe probe) => Path(probe.Ref);

    private StartUnit Unit(string lease, string decoder) =>
        new(lease, Order.Key, Order.Run, Order.Id, new WorkUnit(1, 0, 3, Audio: false), 1, false, _plan, [], false, 0, "", decoder);

    /// <summary>Starts a unit and records what it reports until its lease ends.</summary>
    private void Finish(StartUnit unit)
    {
        _inference.Tell(unit);
        foreach (var chunk in (int[])[0, 1, 2])
        {
            Await<WorkStored>(_video, m => m.FirstChunk == chunk && m.Lease == unit.Lease);
            Sys.ActorSelection(_inference.Path / "*").Tell(new VideoReplies.WorkRecorded(unit.Lease, chunk));
        }

        Await<NodeHeartbeat>(_broker, m => m.Leases.IsEmpty);
    }

    private List<string> Features() => [.. Directory.GetFiles(Node.Data.Features, "*.safetensors", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .Select(f => $"{f} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f)))}")];
}
