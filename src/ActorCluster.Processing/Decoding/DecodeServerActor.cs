using ActorCluster.Core.Faults;
using ActorCluster.Processing.Control;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Inference;
using Akka.Actor;
using Akka.Event;
using static ActorCluster.Processing.Decoding.DecodeMessages;

namespace ActorCluster.Processing.Decoding;

/// <summary>
/// One process's place among those that decode for others: tells the broker every second what it could take, and offers streams to inference nodes. It ends
/// with its node, and its streams with it.
/// </summary>
internal sealed class DecodeServerActor : UntypedActor, IWithTimers
{
    private readonly NodeContext _node;
    private readonly IActorRef _broker;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private DecodeServer? _server;
    private IActorRef? _drainedTo;

    public DecodeServerActor(NodeContext node, IActorRef broker)
    {
        _node = node;
        _broker = broker;
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(NodeContext node, IActorRef broker) => Akka.Actor.Props.Create(() => new DecodeServerActor(node, broker)).WithDispatcher(Dispatchers.Blocking);

    protected override void PreStart()
    {
        try
        {
            var log = _log;
            _server = new DecodeServer(_node, DecodeLimits.Default, text => log.Warning("{0}", text));
            Timers.StartPeriodicTimer(Tick.Instance, Tick.Instance, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        }
        catch (EnvironmentFaultException e)
        {
            _log.Error("{0}", e.Message);
            _node.Report(Fault.Of(e, "decode"));
        }
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Tick when _server is not null:
                var serves = _server.Serves;
                _broker.Tell(new DecoderHeartbeat(_node.Name, EncoderIdentity.DecodeClass(_node.Tools.Version), TakesWork ? _node.Settings.DecodeSlots : 0, serves));
                if (serves.IsEmpty)
                {
                    _drainedTo?.Tell(new InferenceMessages.Drained());
                }

                break;
            case OpenDecode m:
                Sender.Tell(_server is null || !TakesWork ? new DecodeRefused(_node.Duty.IsDrained ? "It is drained." : "It is stopping.") : _server.Answer(m));
                break;
            case ControlMessages.DutyChanged:
                Self.Tell(Tick.Instance);
                break;
            case InferenceMessages.Drain:
                _drainedTo = Sender;
                Self.Tell(Tick.Instance);
                if (_server is null)
                {
                    Sender.Tell(new InferenceMessages.Drained());
                }

                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void PostStop() => _server?.Dispose();

    private bool TakesWork => _drainedTo is null && !_node.Duty.IsDrained;

    private sealed class Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }
}
