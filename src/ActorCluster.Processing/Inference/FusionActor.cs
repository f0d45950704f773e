using System.Diagnostics;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Telemetry;
using ActorCluster.Processing.Videos;
using Akka.Actor;
using static ActorCluster.Processing.Slots.SlotMessages;

namespace ActorCluster.Processing.Inference;

/// <summary>Turns one pipeline's stored features into window probabilities, on a thread of its own: it reads the store and runs the fusion network.</summary>
internal sealed class FusionActor : UntypedActor
{
    private readonly NodeContext _node;
    private readonly IActorRef _videos;
    private readonly IWindowHead _head;

    public FusionActor(NodeContext node, IActorRef videos, PipelineAssets assets)
    {
        _node = node;
        _videos = videos;
        _head = assets.CreateHead();
    }

    public static Props Props(NodeContext node, IActorRef videos, PipelineAssets assets) =>
        Akka.Actor.Props.Create(() => new FusionActor(node, videos, assets)).WithDispatcher(Dispatchers.Pinned);

    protected override void OnReceive(object message)
    {
        if (message is not ClassifyWindows m)
        {
            Unhandled(message);
            return;
        }

        using var spans = SharedSpans.Below(m.Traces, "fuse");
        try
        {
            var (before, began) = (CpuClock.OfThread, Stopwatch.GetTimestamp());
            _videos.Tell(WindowClassifier.Classify(_node, m, _head) with { Traces = spans.Ids });
            _node.Meter.AddFusion(CpuClock.OfThread - before);
            _node.Instruments.FuseDuration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
        }
        catch (DamagedFeaturesException e)
        {
            spans.Failed("features");
            _videos.Tell(new VideoCommands.ClassificationFailed(m.Key, m.FirstWindow, [e.Chunk], Fault.Of(e, "features"), DamagedAudio: false));
        }
        catch (DamagedAudioException e)
        {
            spans.Failed("features");
            _videos.Tell(new VideoCommands.ClassificationFailed(m.Key, m.FirstWindow, [], Fault.Of(e, "features"), DamagedAudio: true));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            spans.Failed("fusion");
            _videos.Tell(new VideoCommands.ClassificationFailed(m.Key, m.FirstWindow, [], Fault.Of(e, "fusion"), DamagedAudio: false));
        }
    }

    protected override void PostStop() => _head.Dispose();
}
