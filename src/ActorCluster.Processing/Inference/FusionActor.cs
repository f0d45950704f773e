using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Videos;
using Akka.Actor;
using static ActorCluster.Processing.Slots.SlotMessages;

namespace ActorCluster.Processing.Inference;

/// <summary>Turns stored features into window probabilities; reads the store, so it lives on the blocking dispatcher.</summary>
internal sealed class FusionActor : UntypedActor
{
    private readonly NodeContext _node;
    private readonly IActorRef _videos;

    public FusionActor(NodeContext node, IActorRef videos)
    {
        _node = node;
        _videos = videos;
    }

    public static Props Props(NodeContext node, IActorRef videos) => Akka.Actor.Props.Create(() => new FusionActor(node, videos)).WithDispatcher(Dispatchers.Blocking);

    protected override void OnReceive(object message)
    {
        if (message is not ClassifyWindows m)
        {
            Unhandled(message);
            return;
        }

        try
        {
            _videos.Tell(WindowClassifier.Classify(_node, m));
        }
        catch (DamagedFeaturesException e)
        {
            _videos.Tell(new VideoCommands.ClassificationFailed(m.Key, m.FirstWindow, [e.Chunk], Fault.Of(e, "features")));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _videos.Tell(new VideoCommands.ClassificationFailed(m.Key, m.FirstWindow, [], Fault.Of(e, "fusion")));
        }
    }
}
