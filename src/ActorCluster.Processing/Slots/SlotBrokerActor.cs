using ActorCluster.Processing.Decoding;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Videos;
using Akka.Actor;
using Akka.Event;
using static ActorCluster.Processing.Slots.SlotMessages;

namespace ActorCluster.Processing.Slots;

/// <summary>Cluster singleton that hands the slots of inference nodes to videos and trials; see <see cref="SlotBrokerState"/> and <see cref="DecodePlacement"/>.</summary>
internal sealed class SlotBrokerActor : UntypedActor, IWithTimers
{
    /// <summary>A run that is paused says so every second.</summary>
    private static readonly TimeSpan PausedFor = TimeSpan.FromSeconds(3);

    private readonly IActorRef _videos;
    private readonly Func<string, NodeLiveness> _liveness;
    private readonly Func<bool> _hasFrozen;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private SlotBrokerState _state = SlotBrokerState.Empty;
    private DecodePlacement _decoding = DecodePlacement.Empty;
    private DateTime _pausedAt;

    public SlotBrokerActor(IActorRef videos, Func<string, NodeLiveness> liveness, Func<bool> hasFrozen)
    {
        _videos = videos;
        _liveness = liveness;
        _hasFrozen = hasFrozen;
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="videos">The region of videos.</param>
    /// <param name="liveness">What the cluster knows of a process by its name.</param>
    /// <param name="hasFrozen">Whether the cluster has gone on without this process: another broker is at work.</param>
    public static Props Props(IActorRef videos, Func<string, NodeLiveness> liveness, Func<bool> hasFrozen) =>
        Akka.Actor.Props.Create(() => new SlotBrokerActor(videos, liveness, hasFrozen));

    protected override void PreStart() => Timers.StartPeriodicTimer(Tick.Instance, Tick.Instance, TimeSpan.FromSeconds(1));

    protected override void OnReceive(object message)
    {
        if (_hasFrozen())
        {
            return;
        }

        var now = DateTime.UtcNow;
        switch (message)
        {
            case NodeHeartbeat m:
                Heard(m, now);
                break;
            case DecodeMessages.DecoderHeartbeat m:
                _decoding = _decoding.Heard(m, Akka.Serialization.Serialization.SerializedActorPath(Sender), now);
                return;
            case RequestSlots m:
                _state = _state.Requested(m, now);
                break;
            case ReturnLease m:
                _state = _state.Returned(m.Lease);
                break;
            case NodeLeaves m:
                _state = _state.Left(m.Node);
                break;
            case ClassifyWindows m:
                Forward(m);
                return;
            case RunCommands.FreezeRun m:
                if (_state.Nodes.Values.Where(n => n.Slots > 0).MinBy(n => n.Name, StringComparer.Ordinal) is { } any)
                {
                    Resolve(any.Path).Forward(m);
                }
                else
                {
                    Sender.Tell(new RunCommands.FreezeFailed(new Fault(false, "submit", "The cluster has no node that encodes.", "Start a node with the role gpu.", []), IsUsage: false));
                }

                return;
            case GetSlotTotals m:
                _pausedAt = m.Paused ? now : _pausedAt;
                Sender.Tell(_state.Totals);
                return;
            case Tick:
                Expire(now);
                break;
            default:
                Unhandled(message);
                return;
        }

        Grant(now);
    }

    private void Heard(NodeHeartbeat heartbeat, DateTime now)
    {
        (_state, var revoked) = _state.Heard(heartbeat, Akka.Serialization.Serialization.SerializedActorPath(Sender), now);
        _decoding = _decoding.Heard(heartbeat.Node, heartbeat.DecodeClass, heartbeat.DecodeLag, heartbeat.Leases.Length, now);
        if (_state.Demands.IsEmpty && now - _pausedAt < PausedFor)
        {
            Sender.Tell(new WorkIsPaused());
        }

        foreach (var lease in revoked)
        {
            Sender.Tell(new RevokeLease(lease, "it was taken back while the node was silent"));
        }
    }

    private string DecoderOf(SlotBrokerState.Lease grant, DateTime now)
    {
        if (grant.Alone || grant.Requester.Length > 0)
        {
            return ""; // A suspect must take no other node with it, and a trial decodes nothing.
        }

        (_decoding, var path) = _decoding.Choose(grant.Node, now);
        return path;
    }

    private void Grant(DateTime now)
    {
        (_state, var grants) = _state.Grant(now, () => Guid.NewGuid().ToString("N"));
        foreach (var together in grants.Select(g => (Grant: g, Decoder: DecoderOf(g, now))).GroupBy(g => (g.Grant.Key, g.Grant.Requester, g.Grant.Node, g.Grant.Alone, g.Decoder)))
        {
            var (key, requester, node, alone, decoder) = together.Key;
            Owner(requester).Tell(new VideoCommands.SlotsGranted(key, [.. together.Select(g => g.Grant.Id)], node, _state.Nodes[node].Path, alone, decoder));
        }
    }

    private void Expire(DateTime now)
    {
        var nodes = _state.Nodes;
        _decoding = _decoding.Expire(now);
        (_state, var lost) = _state.Expire(now, _liveness);
        foreach (var (lease, reason, nodeLost) in lost)
        {
            _log.Warning("Run {Run}: lease {Lease} of {Key} is taken back: {Reason}", lease.Key.Run, lease.Id, lease.Key, reason);
            Owner(lease.Requester).Tell(new VideoCommands.LeaseLost(lease.Key, lease.Id, reason, nodeLost, Stalled: lease.Confirmed && !nodeLost));
            if (!nodeLost && nodes.TryGetValue(lease.Node, out var node))
            {
                Resolve(node.Path).Tell(new RevokeLease(lease.Id, reason));
            }
        }
    }

    private void Forward(ClassifyWindows message)
    {
        // The features lie where the video's chunks were encoded; any node can read them where the store is shared.
        var node = _state.Leases.Values.FirstOrDefault(l => l.Key == message.Key)?.Node;
        var path = node is not null && _state.Nodes.TryGetValue(node, out var known) ? known.Path : _state.Nodes.Values.MinBy(n => n.Name, StringComparer.Ordinal)?.Path;
        if (path is not null)
        {
            Resolve(path).Tell(message, Sender); // Without a node the video asks again in a few seconds.
        }
    }

    private IActorRef Owner(string requester) => requester.Length == 0 ? _videos : Resolve(requester);

    private static IActorRef Resolve(string path) => ((ExtendedActorSystem)Context.System).Provider.ResolveActorRef(path);

    private sealed class Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }
}
