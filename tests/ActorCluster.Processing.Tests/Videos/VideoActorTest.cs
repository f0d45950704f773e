using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Videos;
using Akka.Actor;
using Akka.TestKit;
using static ActorCluster.Processing.Videos.VideoCommands;
using static ActorCluster.Processing.Videos.VideoEvents;

namespace ActorCluster.Processing.Tests.Videos;

/// <summary>A video's actor on a real clip with real plans and a real journal's behaviour; the run is a probe.</summary>
public abstract class VideoActorTest : ActorTest
{
    private readonly TempData _data = new();
    private readonly RunSubmission _submission;

    protected VideoActorTest(string clip)
    {
        var (path, definition) = TestPipeline.Write(_data, chunkSeconds: 1);
        _submission = RunSubmission.Freeze(_data.Data, "demo", path, definition, _ => [new Core.VideoEntry("clip", clip)], TestPipeline.Tools, csv: true, parquet: true);
        Order = new ProcessVideo(new VideoKey("demo", 0, 1), _submission.Spec, "clip", clip, "", WasThere: true);
        Node = new NodeContext(_data.Data, TestPipeline.Tools, new NodeSettings { Slots = 2 }) { Liveness = LivenessOf };
        Node.Pipelines.Add(_submission.Assets);
        (Runs, House, Broker) = (CreateTestProbe(), CreateTestProbe(), ActorRefs.Nobody);
        Directory.CreateDirectory(_data.Data.Run("again").Plans);
        Directory.CreateDirectory(_data.Data.Run("again").Predictions);
        File.Copy(_data.Data.Run("demo").Pipeline, _data.Data.Run("again").Pipeline);
    }

    private protected ProcessVideo Order { get; }

    /// <summary>The same video in another run, which shares the feature store.</summary>
    private protected ProcessVideo OrderAgain => Order with { Key = Order.Key with { Run = "again" }, Run = Order.Run with { Name = "again" } };

    private protected NodeContext Node { get; }

    /// <summary>What the cluster knows of other processes.</summary>
    private protected Dictionary<string, NodeLiveness> Others { get; } = [];

    protected TestProbe Runs { get; }

    /// <summary>Hears when a video's actor wants to rest and when it is gone.</summary>
    protected TestProbe House { get; }

    protected IActorRef Broker { get; set; }

    protected IActorRef StartHouse() => Sys.ActorOf(Props.Create(() => new VideoHouse((self, key) => VideoActor.Props(key, Node, Broker, Runs), House)));

    private protected IEnumerable<IVideoEvent> Events(ProcessVideo order) => Written<IVideoEvent>(order.Key.PersistenceId);

    private protected byte[] Csv(ProcessVideo order) => File.ReadAllBytes(Node.Data.Run(order.Run.Name).PredictionCsv(order.Id));

    /// <summary>Pings the video, as its run does, until it tells how it ended.</summary>
    private protected VideoOutcome Finish(IActorRef house, ProcessVideo order)
    {
        VideoOutcome? outcome = null;
        AwaitAssert(
            () =>
            {
                house.Tell(order);
                outcome = ((RunCommands.VideoFinished)Runs.FishForMessage(m => m is RunCommands.VideoFinished f && f.Run == order.Run.Name, TimeSpan.FromSeconds(2))).Outcome;
            },
            Deadline);
        return outcome!;
    }

    private NodeLiveness LivenessOf(string name) => name == Node.Name ? NodeLiveness.Alive : Others.GetValueOrDefault(name, NodeLiveness.Gone);

    protected override void AfterAll()
    {
        base.AfterAll();
        Node.Pipelines.Dispose();
        Node.Probes.Dispose();
        _data.Dispose();
    }
}
