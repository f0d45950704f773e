using Akka.Actor;
using static ActorCluster.Processing.Inference.InferenceMessages;

namespace ActorCluster.Processing.Inference;

/// <summary>
/// Encoders of one kind side by side, each with its own thread; the number, which can grow, changes no bit. A request goes to the one with the least to do.
/// Akka's router by the smallest mailbox does not count what a routee is busy with: it queues a second request at a busy one while others have none.
/// </summary>
/// <typeparam name="TRequest">What holds the rows.</typeparam>
internal sealed class EncoderPoolActor<TRequest> : UntypedActor
    where TRequest : IEncoderRequest
{
    private readonly List<(IActorRef Encoder, EncoderLoad Load)> _lanes = [];
    private readonly Func<IBatchEncoder<TRequest>> _create;
    private readonly NodeMeter _meter;

    public EncoderPoolActor(Func<IBatchEncoder<TRequest>> create, NodeMeter meter, int lanes)
    {
        (_create, _meter) = (create, meter);
        Grow(lanes);
    }

    public static Props Props(Func<IBatchEncoder<TRequest>> create, NodeMeter meter, int lanes) =>
        Akka.Actor.Props.Create(() => new EncoderPoolActor<TRequest>(create, meter, lanes));

    /// <summary>An encoder that cannot even be made is its parent's matter.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(e => e is ActorInitializationException ? Directive.Escalate : Directive.Restart);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Encode<TRequest>:
                var (encoder, load) = _lanes.MinBy(l => l.Load.Requests);
                load.Begun();
                encoder.Forward(message);
                break;
            case GrowTo m:
                Grow(m.Lanes);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Grow(int lanes)
    {
        while (_lanes.Count < lanes)
        {
            var load = new EncoderLoad();
            _lanes.Add((Context.ActorOf(EncoderActor<TRequest>.Props(_create, _meter, load), $"lane-{_lanes.Count}"), load));
        }
    }
}
