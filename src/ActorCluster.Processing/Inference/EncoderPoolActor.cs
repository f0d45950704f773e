using Akka.Actor;
using static ActorCluster.Processing.Inference.InferenceMessages;

namespace ActorCluster.Processing.Inference;

/// <summary>
/// Encoders of one kind side by side, each with its own thread; the number changes no bit. A request goes to the one with the least to do. Akka's router by the
/// smallest mailbox does not count what a routee is busy with: it queues a second request at a busy one while others have none.
/// </summary>
/// <typeparam name="TRequest">What holds the rows.</typeparam>
internal sealed class EncoderPoolActor<TRequest> : UntypedActor
    where TRequest : IEncoderRequest
{
    private readonly List<(IActorRef Encoder, EncoderLoad Load)> _lanes = [];

    public EncoderPoolActor(Func<IBatchEncoder<TRequest>> create, NodeMeter meter, int lanes)
    {
        for (var i = 0; i < lanes; i++)
        {
            var load = new EncoderLoad();
            _lanes.Add((Context.ActorOf(EncoderActor<TRequest>.Props(create, meter, load), $"lane-{i}"), load));
        }
    }

    public static Props Props(Func<IBatchEncoder<TRequest>> create, NodeMeter meter, int lanes) =>
        Akka.Actor.Props.Create(() => new EncoderPoolActor<TRequest>(create, meter, lanes));

    /// <summary>An encoder that cannot even be made is its parent's matter.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(e => e is ActorInitializationException ? Directive.Escalate : Directive.Restart);

    protected override void OnReceive(object message)
    {
        if (message is not Encode<TRequest>)
        {
            Unhandled(message);
            return;
        }

        var (encoder, load) = _lanes.MinBy(l => l.Load.Requests);
        load.Begun();
        encoder.Forward(message);
    }
}
