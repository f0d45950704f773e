using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Inference;
using Akka.Actor;
using Akka.Cluster.Sharding;
using static ActorCluster.Processing.Control.ControlMessages;

namespace ActorCluster.Processing.Control;

/// <summary>
/// What operators reach of a node, at the same path on every node: tells how the node is, and changes how much it takes. It does nothing that takes time, so
/// that it answers when everything else is busy, and shares threads with the cluster's own actors only.
/// </summary>
internal sealed class NodeControlActor : UntypedActor
{
    /// <summary>Its name under <c>/user</c>.</summary>
    public const string Name = "node";

    /// <summary>The regions of a cluster.</summary>
    public static readonly string[] Regions = ["run", "video"];

    /// <summary>How long the file system may take to tell whether the data folder is there.</summary>
    private const long StoreAnswersWithin = 2_000;

    private static readonly TimeSpan RegionAnswersWithin = TimeSpan.FromMilliseconds(200);

    private readonly NodeContext _node;
    private readonly IActorRef? _inference;
    private readonly IActorRef? _decoder;
    private bool _storePresent = true;
    private long? _storeAskedAt;

    /// <param name="node">The node.</param>
    /// <param name="inference">Its place in the pool of inference nodes; null without that role.</param>
    /// <param name="decoder">Its place among those that decode for others; null where it does not.</param>
    public NodeControlActor(NodeContext node, IActorRef? inference, IActorRef? decoder)
    {
        _node = node;
        _inference = inference;
        _decoder = decoder;
    }

    public static Props Props(NodeContext node, IActorRef? inference, IActorRef? decoder) =>
        Akka.Actor.Props.Create(() => new NodeControlActor(node, inference, decoder)).WithDispatcher(Dispatchers.Internal);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case GetNodeReport:
                LookForStore();
                Sender.Tell(Report());
                break;
            case StoreSeen m:
                (_storePresent, _storeAskedAt) = (m.Present, null);
                break;
            case SetDrained m:
                Sender.Tell(SetDrained(m.Drained));
                break;
            case SetSlots m:
                Sender.Tell(SetSlots(m.Slots));
                break;
            case LeaveCluster:
                Sender.Tell(new ControlOutcome(true, $"Node {Membership.AddressOf(_node.Name)} finishes what it can within {_node.Settings.Timers.Drain.TotalSeconds:0} s, hands back the rest, leaves and ends."));
                _node.TellToLeave();
                break;
            case GetShards:
                _ = TellShardsAsync(Context.System, Sender);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>A folder whose server is away can keep whoever asks for it waiting for ever: a thread of its own asks, one at a time.</summary>
    private void LookForStore()
    {
        var now = Environment.TickCount64;
        if (_storeAskedAt is null)
        {
            _storeAskedAt = now;
            OwnThread.Run(() => _node.Data.IsPresent).PipeTo(Self, Self, present => new StoreSeen(present), _ => new StoreSeen(false));
        }
        else if (now - _storeAskedAt > StoreAnswersWithin)
        {
            _storePresent = false;
        }
    }

    private NodeReport Report()
    {
        var units = _node.Units.Values.OrderByDescending(u => Environment.TickCount64 - u.Progress.SteppedAt).ToList();
        return new NodeReport(
            _node.Name,
            ProductVersion.Text,
            _node.Duty.IsDrained,
            _inference is null ? 0 : _node.Duty.Slots,
            units.Count,
            [.. units.Take(NodeReport.MostUnits).Select(u => u.Report())],
            _decoder is null ? 0 : _node.Settings.DecodeSlots,
            Environment.WorkingSet,
            Environment.ProcessorCount,
            (DateTime.UtcNow - _node.StartedAt).TotalSeconds,
            _node.Staging.InUse,
            _node.Settings.StagingBytes,
            _node.Meter.DecodeLag,
            _storePresent,
            _inference is null ? null : _node.Meter.Device.Report(_node.Settings.Inference.Device));
    }

    private ControlOutcome SetDrained(bool drained)
    {
        if (_inference is null && _decoder is null)
        {
            return new ControlOutcome(false, $"Node {Membership.AddressOf(_node.Name)} has neither the role gpu nor decode slots: it takes no units of work that it could be kept from.");
        }

        var before = _node.Duty.IsDrained;
        _node.Duty.IsDrained = drained;
        TellOthers();
        return new ControlOutcome(true, (before == drained, drained) switch
        {
            (true, true) => $"Node {Membership.AddressOf(_node.Name)} was drained already; units still in work: {_node.Units.Count}.",
            (true, false) => $"Node {Membership.AddressOf(_node.Name)} was not drained.",
            (false, true) => $"Node {Membership.AddressOf(_node.Name)} takes nothing new; what is in work goes on to its end (units: {_node.Units.Count}).",
            (false, false) => $"Node {Membership.AddressOf(_node.Name)} takes work again.",
        });
    }

    private ControlOutcome SetSlots(int slots)
    {
        if (_inference is null)
        {
            return new ControlOutcome(false, $"Node {Membership.AddressOf(_node.Name)} does not have the role gpu, and so no slots.");
        }

        var before = _node.Duty.Slots;
        if (_node.Duty.SetSlots(slots) is { } reason)
        {
            return new ControlOutcome(false, reason);
        }

        TellOthers();
        var over = _node.Units.Count - slots;
        return new ControlOutcome(true, $"Node {Membership.AddressOf(_node.Name)} has {slots} slots instead of {before}, until it is started again.{(over > 0 ? $" {over} units more than that go on to their end." : "")}");
    }

    private void TellOthers()
    {
        _inference?.Tell(DutyChanged.Instance);
        _decoder?.Tell(DutyChanged.Instance);
    }

    /// <summary>A region that does not tell in time leaves the asker without an answer, too.</summary>
    private static async Task TellShardsAsync(ActorSystem system, IActorRef asker)
    {
        try
        {
            var states = await Task.WhenAll(Regions.Select(r => ClusterSharding.Get(system).ShardRegion(r).Ask<CurrentShardRegionState>(GetShardRegionState.Instance, RegionAnswersWithin)));
            asker.Tell(new ShardsCounted([.. Regions.Zip(states, (region, state) => (region, state)).SelectMany(r => r.state.Shards.Select(s => new ShardCount(r.region, s.ShardId, s.EntityIds.Count)))]));
        }
        catch (AskTimeoutException)
        {
            // It starts, hands over, or is too busy.
        }
    }

    private sealed record StoreSeen(bool Present) : INoSerializationVerificationNeeded;
}
