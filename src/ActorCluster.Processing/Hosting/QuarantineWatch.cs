using Akka.Actor;
using Akka.Remote;

namespace ActorCluster.Processing.Hosting;

/// <summary>Notices that another node will never speak with this process again: the cluster went on without it while it was frozen or cut off.</summary>
internal sealed class QuarantineWatch : UntypedActor
{
    private readonly Action _quarantined;

    public QuarantineWatch(Action quarantined) => _quarantined = quarantined;

    public static Props Props(Action quarantined) => Akka.Actor.Props.Create(() => new QuarantineWatch(quarantined));

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(ThisActorSystemQuarantinedEvent));

    protected override void OnReceive(object message)
    {
        if (message is ThisActorSystemQuarantinedEvent)
        {
            _quarantined();
        }
    }
}
