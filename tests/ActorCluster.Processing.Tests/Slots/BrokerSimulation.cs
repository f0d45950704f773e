using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Inference;
using ActorCluster.Processing.Slots;
using ActorCluster.Processing.Videos;
using static ActorCluster.Processing.Slots.SlotMessages;

namespace ActorCluster.Processing.Tests.Slots;

/// <summary>A broker among nodes that keep their own books of what runs on them.</summary>
internal sealed class BrokerSimulation
{
    private readonly Dictionary<string, int> _slots = [];
    private readonly Dictionary<string, (string Node, VideoKey Key, bool Alone, long Progress)> _running = [];
    private readonly List<string> _order = [];
    private DateTime _now = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private int _leases;

    public BrokerSimulation(int[] slots)
    {
        for (var i = 0; i < slots.Length; i++)
        {
            _slots[$"n{i}"] = slots[i];
        }

        Beat();
    }

    public SlotBrokerState State { get; private set; } = SlotBrokerState.Empty;

    /// <summary>What the last step took back.</summary>
    public IReadOnlyList<string> TakenBack { get; private set; } = [];

    public void Step(int what, int which, int many)
    {
        TakenBack = [];
        switch (what)
        {
            case 0 or 1 or 2:
                Ask(new VideoKey(which % 2 == 0 ? "a" : "b", which % 7, 1), many, alone: false);
                break;
            case 3:
                Ask(new VideoKey("a", 10 + (which % 3), 1), 1, alone: true);
                break;
            case 4 or 5:
                EndOldest();
                break;
            case 6:
                Beat();
                break;
            case 7 when _order.Count > 0:
                // A grant that its video hands back without having started anything.
                Forget(_order[which % _order.Count]);
                break;
            case 8:
                Pass(TimeSpan.FromSeconds(many));
                break;
            case 9:
                // A new broker hears of every node before it grants anything.
                State = SlotBrokerState.Empty;
                Beat();
                break;
        }

        Grant();
    }

    public void Ask(VideoKey key, int wanted, bool alone) => State = State.Requested(new RequestSlots(key, 0, wanted, alone, ""), _now);

    public void Grant()
    {
        var before = State;
        (State, var grants) = State.Grant(_now, () => $"lease-{++_leases}");
        foreach (var grant in grants)
        {
            _running.Add(grant.Id, (grant.Node, grant.Key, grant.Alone, 0));
            _order.Add(grant.Id);
        }

        Assert.All(grants.GroupBy(g => (g.Key, g.Alone)), g => Assert.InRange(g.Count(), 1, before.Demands[g.Key].Wanted));
    }

    public void EndOldest()
    {
        if (_order.Count > 0)
        {
            // A node has shown a lease in its heartbeats before it ends.
            Beat();
            var oldest = _order[0];
            _order.RemoveAt(0);
            _running.Remove(oldest);
            Beat();
        }
    }

    public void AssertSound()
    {
        foreach (var (node, slots) in _slots)
        {
            var leases = State.Leases.Values.Where(l => l.Node == node).ToList();
            Assert.InRange(leases.Count, 0, slots);
            Assert.True(leases.Count <= 1 || !leases.Exists(l => l.Alone), $"A lease that must be alone shares {node}.");
        }

        Assert.Equal(_running.Keys.Order(), State.Leases.Keys.Order());
    }

    private void Forget(string lease)
    {
        _order.Remove(lease);
        _running.Remove(lease);
        State = State.Returned(lease);
    }

    private void Pass(TimeSpan time)
    {
        _now += time;
        Beat();
        (State, var lost) = State.Expire(_now, _ => NodeLiveness.Alive);
        TakenBack = [.. lost.Select(l => l.Lease.Id)];
        Assert.Empty(TakenBack); // Every node beats and everything progresses.
    }

    private void Beat()
    {
        foreach (var (node, slots) in _slots)
        {
            var reports = _running.Where(r => r.Value.Node == node).Select(r => new LeaseReport(r.Key, r.Value.Key, 0, "encode", _now.Ticks, false, r.Value.Alone, ""));
            (State, var revoked) = State.Heard(new NodeHeartbeat(node, slots, [.. reports], [], MeterReading.Zero, 0, ""), $"akka://x/{node}", _now);
            Assert.Empty(revoked);
        }
    }
}
