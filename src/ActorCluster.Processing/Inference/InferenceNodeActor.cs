using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Videos;
using Akka.Actor;
using Akka.Event;
using static ActorCluster.Processing.Inference.InferenceMessages;
using static ActorCluster.Processing.Slots.SlotMessages;

namespace ActorCluster.Processing.Inference;

/// <summary>
/// One process's place in the pool of inference nodes: offers its slots to the broker every second together with its live leases, and runs a
/// <see cref="ChunkActor"/> for each unit that a video starts here.
/// </summary>
internal sealed class InferenceNodeActor : UntypedActor, IWithTimers
{
    private readonly NodeContext _node;
    private readonly IActorRef _broker;
    private readonly IActorRef _videos;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<string, Unit> _units = [];
    private readonly Dictionary<string, Encoders> _encoders = [];
    private readonly Dictionary<string, IActorRef> _fusions = [];
    private IActorRef? _drainedTo;

    public InferenceNodeActor(NodeContext node, IActorRef broker, IActorRef videos)
    {
        _node = node;
        _broker = broker;
        _videos = videos;
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(NodeContext node, IActorRef broker, IActorRef videos) =>
        Akka.Actor.Props.Create(() => new InferenceNodeActor(node, broker, videos)).WithDispatcher(Dispatchers.Blocking);

    protected override void PreStart() => Timers.StartPeriodicTimer(Tick.Instance, Tick.Instance, TimeSpan.Zero, TimeSpan.FromSeconds(1));

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(e => e is ActorInitializationException ? Directive.Stop : Directive.Restart);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Tick:
                Heartbeat();
                break;
            case StartUnit m:
                Start(m);
                break;
            case UnitEnded m:
                _units.Remove(m.Lease);
                Heartbeat();
                ReportDrained();
                break;
            case RevokeLease m when _units.TryGetValue(m.Lease, out var unit):
                _log.Warning("{0} of video {1} is given up: {2}", unit.Order.Unit, unit.Order.VideoId, m.Reason);
                unit.Actor.Tell(new GiveUp(m.Reason));
                break;
            case ClassifyWindows m:
                Classify(m);
                break;
            case Drain:
                _drainedTo = Sender;
                _broker.Tell(new NodeLeaves(_node.Name));
                foreach (var unit in _units.Values)
                {
                    unit.Actor.Tell(new GiveUp("the node is stopping"));
                }

                ReportDrained();
                break;
            case RevokeLease:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Heartbeat()
    {
        var leases = _units.Values.Select(u => new LeaseReport(
            u.Order.Lease, u.Order.Key, u.Order.Unit.Index, u.Progress.Stage, u.Progress.Steps, u.Progress.Waiting, u.Order.Alone));
        _broker.Tell(new NodeHeartbeat(_node.Name, _drainedTo is null ? _node.Slots : 0, [.. leases]));
    }

    private void Start(StartUnit order)
    {
        if (_units.ContainsKey(order.Lease))
        {
            return;
        }

        if (_drainedTo is not null)
        {
            _videos.Tell(new VideoCommands.WorkInterrupted(order.Key, order.Lease, order.Unit.Index, "the node is stopping"));
            return;
        }

        try
        {
            var assets = _node.Pipelines.Get(order.Run);
            var info = _node.Plans.Read(order.Run.Name, order.VideoId, order.PlanHash);
            var progress = new UnitProgress();
            var chunk = Context.ActorOf(ChunkActor.Props(order, _node, assets, info, EncodersOf(assets), _videos, progress));
            _units.Add(order.Lease, new Unit(order, chunk, progress));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _videos.Tell(new VideoCommands.WorkFailed(order.Key, order.Lease, order.Unit.Index, Fault.Of(e, "start")));
        }

        Heartbeat();
    }

    private void Classify(ClassifyWindows request)
    {
        try
        {
            var assets = _node.Pipelines.Get(request.Run);
            if (!_fusions.TryGetValue(assets.Key, out var fusion))
            {
                fusion = Context.ActorOf(FusionActor.Props(_node, _videos, assets), $"fusion-{assets.Key[..12]}");
                _fusions.Add(assets.Key, fusion);
            }

            fusion.Tell(request);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _videos.Tell(new VideoCommands.ClassificationFailed(request.Key, request.FirstWindow, [], Fault.Of(e, "start"), DamagedAudio: false));
        }
    }

    private Encoders EncodersOf(PipelineAssets assets)
    {
        if (!_encoders.TryGetValue(assets.Key, out var encoders))
        {
            encoders = new Encoders(
                Encoder(assets.CreateVisualEncoder, $"visual-{assets.Key[..12]}"),
                assets.Audio is null ? null : Encoder(assets.CreateAudioEncoder, $"audio-{assets.Key[..12]}"));
            _encoders.Add(assets.Key, encoders);
        }

        return encoders;
    }

    private IActorRef Encoder<TRequest>(Func<IBatchEncoder<TRequest>> create, string name)
        where TRequest : IEncoderRequest => Context.ActorOf(EncoderActor<TRequest>.Props(create, _node.Meter, _node.Lanes), name);

    private void ReportDrained()
    {
        if (_drainedTo is not null && _units.Count == 0)
        {
            _drainedTo.Tell(new Drained());
        }
    }

    private sealed record Unit(StartUnit Order, IActorRef Actor, UnitProgress Progress);

    private sealed class Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }
}
