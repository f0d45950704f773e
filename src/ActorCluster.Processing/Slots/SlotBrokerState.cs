using System.Collections.Immutable;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Inference;
using ActorCluster.Processing.Videos;
using static ActorCluster.Processing.Slots.SlotMessages;

namespace ActorCluster.Processing.Slots;

/// <summary>Who has slots, who wants them, and which are leased. Soft: a new broker learns all of it from the next heartbeats and requests.</summary>
internal sealed record SlotBrokerState(
    ImmutableDictionary<string, SlotBrokerState.Node> Nodes,
    ImmutableDictionary<(VideoKey Key, bool Alone), SlotBrokerState.Demand> Demands,
    ImmutableDictionary<string, SlotBrokerState.Lease> Leases,
    ImmutableDictionary<string, DateTime> TakenBack,
    long NextOrder)
{
    /// <summary>
    /// A node that the cluster cannot reach, and that has been silent for so long, is lost with its leases. The cluster's failure detector has waited
    /// before; this covers a node that answers again at once.
    /// </summary>
    public static readonly TimeSpan UnreachableSilence = TimeSpan.FromSeconds(2);

    /// <summary>
    /// A node gets grants as long as it was heard within three of its heartbeats: what is granted on one that is cut off, before the cluster knows it, never arrives.
    /// </summary>
    public static readonly TimeSpan HeardWithin = TimeSpan.FromSeconds(3);

    /// <summary>A node that has been silent for so long is lost with its leases, even if the cluster reaches it.</summary>
    public static readonly TimeSpan NodeSilence = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Work that has shown no progress for so long is taken back. Longer than a reader's own watchdog, whose error says more.
    /// </summary>
    public static readonly TimeSpan WorkSilence = TimeSpan.FromSeconds(45);

    /// <summary>A demand that was not repeated for so long is forgotten.</summary>
    public static readonly TimeSpan DemandSilence = TimeSpan.FromSeconds(15);

    /// <summary>A grant whose work no heartbeat has shown for so long never arrived.</summary>
    public static readonly TimeSpan GrantSilence = TimeSpan.FromSeconds(10);

    /// <summary>How long it is remembered that a lease was taken back: longer than a node can be silent and still belong to the cluster.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);

    /// <summary>Knows nothing yet.</summary>
    public static SlotBrokerState Empty { get; } = new(
        ImmutableDictionary<string, Node>.Empty,
        ImmutableDictionary<(VideoKey, bool), Demand>.Empty,
        ImmutableDictionary<string, Lease>.Empty,
        ImmutableDictionary<string, DateTime>.Empty,
        0);

    /// <summary>The cluster's slots.</summary>
    public SlotTotals Totals => new(Nodes.Count, Nodes.Values.Sum(n => n.Slots), Leases.Count, MeterReading.Sum([.. Nodes.Values.Select(n => n.Meter)]));

    /// <summary>A node tells its slots and live leases.</summary>
    /// <param name="heartbeat">What it tells.</param>
    /// <param name="path">Where it is reached.</param>
    /// <param name="now">The time.</param>
    /// <returns>The state, and leases that were taken back while the node was silent: it has to give them up.</returns>
    public (SlotBrokerState State, IReadOnlyList<string> Revoked) Heard(NodeHeartbeat heartbeat, string path, DateTime now)
    {
        var leases = Leases.ToBuilder();
        var revoked = heartbeat.Leases.Select(l => l.Lease).Where(TakenBack.ContainsKey).ToList();
        var reported = heartbeat.Leases.Where(l => !TakenBack.ContainsKey(l.Lease)).ToDictionary(l => l.Lease);
        foreach (var gone in Leases.Values.Where(l => l.Node == heartbeat.Node && l.Confirmed && !reported.ContainsKey(l.Id)))
        {
            leases.Remove(gone.Id);
        }

        foreach (var report in reported.Values)
        {
            var known = Leases.GetValueOrDefault(report.Lease);
            var progressed = known is null || !known.Confirmed || known.Progress != report.Progress || known.Stage != report.Stage || report.Waiting;
            leases[report.Lease] = new Lease(
                report.Lease, heartbeat.Node, report.Key, report.Requester, report.Alone, report.Stage, report.Progress, progressed ? now : known!.ProgressAt, Confirmed: true);
        }

        var node = new Node(heartbeat.Node, heartbeat.Slots, path, now, heartbeat.Refuses, heartbeat.Meter);
        return (this with { Nodes = Nodes.SetItem(heartbeat.Node, node), Leases = leases.ToImmutable() }, revoked);
    }

    /// <summary>A video or trial tells how many slots it could use.</summary>
    public SlotBrokerState Requested(RequestSlots request, DateTime now) => request.Wanted <= 0
        ? this with { Demands = Demands.Remove((request.Key, request.Alone)) }
        : this with
        {
            Demands = Demands.SetItem(
                (request.Key, request.Alone),
                new Demand(request.Key, request.Requester, request.Priority, request.Wanted, request.Alone, Demands.GetValueOrDefault((request.Key, request.Alone))?.Order ?? NextOrder, now)),
            NextOrder = NextOrder + 1,
        };

    /// <summary>A lease was not used.</summary>
    public SlotBrokerState Returned(string lease) => this with { Leases = Leases.Remove(lease) };

    /// <summary>A node leaves; its leases end when it says so or falls silent.</summary>
    public SlotBrokerState Left(string node) => Nodes.GetValueOrDefault(node) is { } known ? this with { Nodes = Nodes.SetItem(node, known with { Slots = 0 }) } : this;

    /// <summary>
    /// Hands out the free slots: by priority, then to the run with the fewest leases, then in order of asking; on the node that already works for the
    /// video, else on the one with the most free slots. A demand to be alone goes before the others of its priority, so that what a lost node had in flight is
    /// soon at work elsewhere, and waits for an empty node, which gets no other work meanwhile; one node in four serves such demands at a time, but at least one.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="newLease">Makes lease ids.</param>
    public (SlotBrokerState State, IReadOnlyList<Lease> Grants) Grant(DateTime now, Func<string> newLease)
    {
        var table = new SlotTable(Nodes.Values.Where(n => now - n.HeardAt <= HeardWithin), Leases.Values);
        var grants = new List<Lease>();
        if (Demands.IsEmpty || !table.HasFree)
        {
            return (this, grants);
        }

        var (leases, demands, waiting) = (Leases.ToBuilder(), Demands.ToBuilder(), Demands.Values.ToList());
        while (waiting.Count > 0 && table.HasFree)
        {
            var turn = table.NextOf(waiting);
            var demand = waiting[turn];
            if (table.NodeFor(demand) is not { } node)
            {
                if (demand.Alone)
                {
                    table.Reserve(demand);
                }

                waiting.RemoveAt(turn);
                continue;
            }

            var lease = new Lease(newLease(), node, demand.Key, demand.Requester, demand.Alone, "granted", 0, now, Confirmed: false);
            grants.Add(lease);
            leases.Add(lease.Id, lease);
            table.Take(lease);
            if (demand.Wanted == 1)
            {
                waiting.RemoveAt(turn);
                demands.Remove((demand.Key, demand.Alone));
            }
            else
            {
                waiting[turn] = demands[(demand.Key, demand.Alone)] = demand with { Wanted = demand.Wanted - 1 };
            }
        }

        return (this with { Leases = leases.ToImmutable(), Demands = demands.ToImmutable() }, grants);
    }

    /// <summary>Takes back what has been silent for too long.</summary>
    /// <param name="now">The time.</param>
    /// <param name="liveness">What the cluster knows of a node.</param>
    public (SlotBrokerState State, IReadOnlyList<(Lease Lease, string Reason, bool NodeLost)> Lost) Expire(DateTime now, Func<string, NodeLiveness> liveness)
    {
        var lostNodes = Nodes.Values.Select(n => (n.Name, Reason: WhyLost(n, now, liveness(n.Name)))).Where(n => n.Reason is not null).ToDictionary(n => n.Name, n => n.Reason!);
        var lost = new List<(Lease, string, bool)>();
        foreach (var lease in Leases.Values)
        {
            if (lostNodes.TryGetValue(lease.Node, out var reason))
            {
                lost.Add((lease, reason, true));
            }
            else if (now - lease.ProgressAt > (lease.Confirmed ? WorkSilence : GrantSilence))
            {
                lost.Add((lease, $"no progress in stage '{lease.Stage}' for {(now - lease.ProgressAt).TotalSeconds:0} s", false));
            }
        }

        return (this with
        {
            Nodes = Nodes.RemoveRange(lostNodes.Keys),
            Leases = Leases.RemoveRange(lost.Select(l => l.Item1.Id)),
            TakenBack = TakenBack.RemoveRange(TakenBack.Where(t => now - t.Value > Remembered).Select(t => t.Key)).SetItems(lost.Select(l => KeyValuePair.Create(l.Item1.Id, now))),
            Demands = Demands.RemoveRange(Demands.Values.Where(d => now - d.At > DemandSilence).Select(d => (d.Key, d.Alone))),
        }, lost);
    }

    private static string? WhyLost(Node node, DateTime now, NodeLiveness liveness)
    {
        var silence = now - node.HeardAt;
        return liveness switch
        {
            NodeLiveness.Gone => $"node {node.Name} has left the cluster",
            NodeLiveness.Unreachable when silence > UnreachableSilence => $"node {node.Name} cannot be reached and has been silent for {silence.TotalSeconds:0} s",
            _ when silence > NodeSilence => $"node {node.Name} has been silent for {silence.TotalSeconds:0} s",
            _ => null,
        };
    }

    /// <summary>An inference node.</summary>
    internal sealed record Node(string Name, int Slots, string Path, DateTime HeardAt, ImmutableArray<string> Refuses, MeterReading Meter);

    /// <summary>What a video or trial asks for.</summary>
    internal sealed record Demand(VideoKey Key, string Requester, int Priority, int Wanted, bool Alone, long Order, DateTime At);

    /// <summary>A slot in use.</summary>
    internal sealed record Lease(string Id, string Node, VideoKey Key, string Requester, bool Alone, string Stage, long Progress, DateTime ProgressAt, bool Confirmed);
}
