using ActorCluster.Core.Faults;
using ActorCluster.Core.Pipelines;
using ActorCluster.Processing.Control;
using ActorCluster.Processing.Decoding;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Slots;
using ActorCluster.Processing.Trials;
using ActorCluster.Processing.Videos;
using ActorCluster.Storage;
using Akka.Actor;
using Akka.Event;
using static ActorCluster.Processing.Inference.InferenceMessages;
using static ActorCluster.Processing.Slots.SlotMessages;

namespace ActorCluster.Processing.Inference;

/// <summary>
/// One process's place in the pool of inference nodes: offers its slots to the broker every second together with its live leases, and runs a
/// <see cref="ChunkActor"/> for each unit that a video starts here, and a <see cref="TrialRunner"/> for each trial.
/// </summary>
internal sealed class InferenceNodeActor : UntypedActor, IWithTimers
{
    private const int MostProblems = 100;
    private static readonly TimeSpan RefusedFor = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PausedFor = TimeSpan.FromSeconds(3);

    private readonly NodeContext _node;
    private readonly IActorRef _broker;
    private readonly IActorRef _videos;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<string, Unit> _units = [];
    private readonly Dictionary<string, Encoders> _encoders = [];
    private readonly Dictionary<string, IActorRef> _fusions = [];
    private readonly Dictionary<string, DateTime> _refused = [];
    private readonly string _decodeClass;
    private IActorRef? _drainedTo;
    private bool _storeAway;
    private DateTime _pausedAt;

    public InferenceNodeActor(NodeContext node, IActorRef broker, IActorRef videos)
    {
        _node = node;
        _broker = broker;
        _videos = videos;
        _decodeClass = EncoderIdentity.DecodeClass(node.Tools.Version);
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
                if (_node.Meter.Lag.News(_node.Name, _node.Slots) is { } news)
                {
                    _log.Warning("{0}", news);
                }

                break;
            case StartUnit m:
                Start(m);
                break;
            case TrialMessages.StartTrial m:
                Start(m);
                break;
            case ControlMessages.DutyChanged:
                Heartbeat();
                GrowEncoders();
                break;
            case UnitEnded m:
                _units.Remove(m.Lease);
                _node.Units.TryRemove(m.Lease, out _);
                Heartbeat();
                ReportDrained();
                break;
            case RevokeLease m when _units.TryGetValue(m.Lease, out var unit):
                _log.Warning("{0} is given up: {1}", unit.Words, m.Reason);
                unit.Actor.Tell(new GiveUp(m.Reason));
                break;
            case ClassifyWindows m:
                Classify(m);
                break;
            case RunCommands.FreezeRun m:
                Freeze(m);
                break;
            case Drain m:
                _drainedTo = Sender;
                _broker.Tell(new NodeLeaves(_node.Name));
                Timers.StartSingleTimer(HandBack.Instance, HandBack.Instance, m.Finish);
                ReportDrained();
                break;
            case HandBack:
                foreach (var unit in _units.Values)
                {
                    unit.Actor.Tell(new GiveUp("the node is stopping"));
                }

                break;
            case WorkIsPaused:
                _pausedAt = DateTime.UtcNow;
                break;
            case RevokeLease:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void PostStop() => _node.Units.Clear(); // Those who worked on them end with this actor.

    private void Heartbeat()
    {
        var now = DateTime.UtcNow;
        foreach (var run in _refused.Where(r => now - r.Value > RefusedFor).Select(r => r.Key).ToList())
        {
            _refused.Remove(run);
        }

        var leases = _units.Values.Select(u => new LeaseReport(
            u.Lease, u.Key, u.Index, u.Progress.Stage, u.Progress.Steps, u.Progress.Waiting || u.Progress.StoreWaiting, u.Alone, u.Requester));
        var storeIsAway = StoreIsAway;
        var stopping = _drainedTo is not null || _node.Duty.IsDrained || _node.Slots == 0;
        var free = stopping ? FreeSlots.Drained : storeIsAway ? FreeSlots.StoreAway : now - _pausedAt < PausedFor ? FreeSlots.Paused : FreeSlots.NoDemand;
        _node.Meter.Device.Offer(_node.Slots, _units.Values.Count(u => u.Requester.Length > 0), free);
        var slots = stopping || storeIsAway ? 0 : _node.Slots;
        _node.Meter.SlotsOffered = slots;
        _broker.Tell(new NodeHeartbeat(_node.Name, slots, [.. leases], [.. _refused.Keys], _node.Meter.Reading, _node.Meter.DecodeLag, _decodeClass));
    }

    /// <summary>
    /// Whether the data folder was found missing, or units wait to write to it. Each further unit would only be begun in vain. The folder is looked for only
    /// once it was missed: a mount that hangs must not stop the heartbeats.
    /// </summary>
    private bool StoreIsAway => (_storeAway = _storeAway && !_node.Data.IsPresent) || _units.Values.Any(u => u.Progress.StoreWaiting);

    private void Start(StartUnit order)
    {
        if (_units.ContainsKey(order.Lease))
        {
            return;
        }

        if (WhyNot(order.Alone) is { } reason)
        {
            _videos.Tell(new VideoCommands.WorkInterrupted(order.Key, order.Lease, order.Unit.Index, reason, NeverBegan: true));
            _broker.Tell(new ReturnLease(order.Lease));
            return;
        }

        try
        {
            _node.Data.RequirePresent();
        }
        catch (EnvironmentFaultException e)
        {
            _storeAway = true;
            Refuse(order, e);
            return;
        }

        PipelineAssets assets;
        try
        {
            assets = _node.Pipelines.Get(order.Run);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Others may be able to; this node gets no more of that run for a while, so that it does not draw all of its work and fail it.
            _refused[order.Key.Run] = DateTime.UtcNow;
            Refuse(order, e);
            return;
        }

        try
        {
            DecodeJob.RequireRoom(assets.Decoding, _node.Staging);
            var info = _node.Plans.Read(order.Run.Name, order.VideoId, order.PlanHash);
            var progress = new UnitProgress();
            var chunk = Context.ActorOf(ChunkActor.Props(order, _node, assets, info, EncodersOf(assets), _videos, progress));
            Begin(new Unit(order.Lease, order.Key, order.Unit.Index, order.Alone, "", $"{order.Unit} of video {order.VideoId}", chunk, progress), order.VideoId, $"{order.Unit}");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _videos.Tell(new VideoCommands.WorkFailed(order.Key, order.Lease, order.Unit.Index, Fault.Of(e, "start")));
        }

        Heartbeat();
    }

    private void Start(TrialMessages.StartTrial order)
    {
        if (_units.ContainsKey(order.Lease))
        {
            return;
        }

        if (WhyNot(alone: false) is { } reason)
        {
            Sender.Tell(new TrialMessages.TrialReleased(order.Lease, reason));
            _broker.Tell(new ReturnLease(order.Lease));
            return;
        }

        var progress = new UnitProgress();
        var runner = Context.ActorOf(TrialRunner.Props(order, _node, progress));
        Begin(new Unit(order.Lease, order.Key, 0, false, order.Requester, $"Trial {order.Trial}", runner, progress), $"trial {order.Trial}", "training");
        Heartbeat();
    }

    private void Begin(Unit unit, string video, string what)
    {
        _units.Add(unit.Lease, unit);
        _node.Units[unit.Lease] = new UnitInWork(unit.Key.Run, video, what, Environment.TickCount64, unit.Progress);
    }

    /// <summary>Why nothing more can be begun here; null when it can. After a change of brokers a grant of the old one and one of the new one can meet here.</summary>
    private string? WhyNot(bool alone)
    {
        var hasRoom = alone ? _units.Count == 0 : _units.Count < _node.Slots && !_units.Values.Any(u => u.Alone);
        return _drainedTo is not null ? "the node is stopping" : _node.Duty.IsDrained ? "the node is drained" : hasRoom ? null : "the node has no free slot";
    }

    /// <summary>The broker hears what this node can take before it hears of a free slot.</summary>
    private void Refuse(StartUnit order, Exception cause)
    {
        _videos.Tell(new VideoCommands.WorkFailed(order.Key, order.Lease, order.Unit.Index, Fault.Of(cause, "start")));
        Heartbeat();
        _broker.Tell(new ReturnLease(order.Lease));
    }

    /// <summary>Freezes a run with this node's models, which decide what it computes. Hashing them, and looking at many files, takes its time.</summary>
    private void Freeze(RunCommands.FreezeRun order) => OwnThread.Run<object>(() =>
    {
        _node.Data.RequirePresent();
        var request = order.Request;
        var (submission, problems) = order.Extends
            ? RunSubmission.FreezeExtension(_node.Data, request.Run!, request.Inputs, _node.Pipelines)
            : RunSubmission.FreezeRequest(_node.Data, request, _node.Pipelines);
        return new RunCommands.RunIsFrozen(
            submission.Spec,
            new RunFrozen(submission.Run, submission.Spec.PipelineName, submission.Videos, submission.Known, submission.Added, submission.Changed, [.. problems.Take(MostProblems)]));
    }).PipeTo(Sender, Self, failure: e =>
    {
        var cause = e is AggregateException { InnerException: { } inner } ? inner : e;
        return cause is RunRequestException or InputSelectionException
            ? new RunCommands.FreezeFailed(new Fault(false, "submit", cause.Message, "", []), IsUsage: true)
            : new RunCommands.FreezeFailed(Fault.Of(cause, "submit"), IsUsage: false);
    });

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
            // A rehearsal takes no processor: as on a large GPU, every slot can keep it busy.
            var rehearses = assets.Definition.Visual.Kind == VisualEncoderSettings.Rehearsal;
            encoders = new Encoders(
                Encoder(assets.CreateVisualEncoder, "visual", assets, LanesOf(rehearses)),
                assets.Audio is null ? null : Encoder(assets.CreateAudioEncoder, "audio", assets, LanesOf(rehearses)),
                rehearses);
            _encoders.Add(assets.Key, encoders);
            GrowEncoders();
        }

        return encoders;
    }

    private IActorRef Encoder<TRequest>(Func<IBatchEncoder<TRequest>> create, string kind, PipelineAssets assets, int lanes)
        where TRequest : IEncoderRequest
    {
        var name = $"{kind}-{assets.Key[..12]}";
        _node.Meter.Device.Add(name, $"{assets.Definition.Name}, {kind}");
        return Context.ActorOf(EncoderPoolActor<TRequest>.Props(create, _node.Meter, lanes), name);
    }

    /// <summary>A rehearsal takes no processor: as on a large GPU, every slot can keep it busy.</summary>
    private int LanesOf(bool rehearses) => rehearses ? Math.Max(1, _node.Slots) : _node.Lanes;

    /// <summary>More slots can keep more encoders busy.</summary>
    private void GrowEncoders()
    {
        foreach (var encoders in _encoders.Values)
        {
            var lanes = LanesOf(encoders.Rehearses);
            _node.Meter.Lag.Lanes = encoders.Rehearses ? lanes : 1;
            _node.Meter.Device.Widen(lanes);
            encoders.Visual.Tell(new GrowTo(lanes));
            encoders.Audio?.Tell(new GrowTo(lanes));
        }
    }

    private void ReportDrained()
    {
        if (_drainedTo is not null && _units.Count == 0)
        {
            _drainedTo.Tell(new Drained());
        }
    }

    private sealed class HandBack : INoSerializationVerificationNeeded
    {
        public static readonly HandBack Instance = new();
    }

    /// <summary>Work that holds a lease, as <see cref="LeaseReport"/> describes it, with its name for people.</summary>
    private sealed record Unit(string Lease, VideoKey Key, int Index, bool Alone, string Requester, string Words, IActorRef Actor, UnitProgress Progress);

    private sealed class Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }
}
