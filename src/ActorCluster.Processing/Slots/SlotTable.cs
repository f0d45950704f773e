using ActorCluster.Processing.Videos;
using static ActorCluster.Processing.Slots.SlotBrokerState;

namespace ActorCluster.Processing.Slots;

/// <summary>Who has how much while one round of grants is made: sums that would otherwise be counted anew for every grant and every node.</summary>
internal sealed class SlotTable
{
    private const int NodesForOneAlone = 4;

    private readonly Dictionary<string, Row> _rows;
    private readonly Dictionary<string, int> _heldByRun = [];

    public SlotTable(IEnumerable<Node> nodes, IEnumerable<Lease> leases)
    {
        _rows = nodes.ToDictionary(n => n.Name, n => new Row(n.Name, n.Slots, [.. n.Refuses]));
        foreach (var lease in leases)
        {
            Take(lease);
        }
    }

    /// <summary>Whether any node could take more.</summary>
    public bool HasFree => _rows.Values.Any(r => r.Free > 0);

    /// <summary>Counts a lease.</summary>
    public void Take(Lease lease)
    {
        _heldByRun[lease.Key.Run] = _heldByRun.GetValueOrDefault(lease.Key.Run) + 1;
        if (_rows.TryGetValue(lease.Node, out var row))
        {
            row.Leases++;
            row.HasAlone |= lease.Alone;
            row.Videos.Add(lease.Key);
        }
    }

    /// <summary>
    /// The place of the demand whose turn it is: by priority, then one to be alone, for whose node the others must wait, then that of the run with the
    /// fewest leases, then in order of asking.
    /// </summary>
    public int NextOf(List<Demand> demands)
    {
        var (best, turn) = (0, Turn(demands[0]));
        for (var i = 1; i < demands.Count; i++)
        {
            var other = Turn(demands[i]);
            if (other.CompareTo(turn) < 0)
            {
                (best, turn) = (i, other);
            }
        }

        return best;
    }

    /// <summary>The node for a demand: the one that already works for the video, else the one with the most free slots; an empty one for a demand to be alone.</summary>
    public string? NodeFor(Demand demand) => demand.Alone && !MayBeAlone ? null : _rows.Values
        .Where(r => r.Free > 0 && (!demand.Alone || r.Leases == 0) && !r.Refuses.Contains(demand.Key.Run))
        .OrderByDescending(r => r.Videos.Contains(demand.Key)).ThenByDescending(r => r.Free).ThenBy(r => r.Name, StringComparer.Ordinal)
        .FirstOrDefault()?.Name;

    /// <summary>Keeps a node free of other work until it is empty for a demand: the one with the fewest leases of those that stay.</summary>
    public void Reserve(Demand demand)
    {
        if (MayBeAlone && _rows.Values.Where(r => r is { IsReserved: false, HasAlone: false, Slots: > 0 } && !r.Refuses.Contains(demand.Key.Run)).OrderBy(r => r.Leases).ThenBy(r => r.Name, StringComparer.Ordinal).FirstOrDefault() is { } row)
        {
            row.IsReserved = true;
        }
    }

    // Suspects of many videos at once must not empty the whole cluster.
    private bool MayBeAlone => _rows.Values.Count(r => r.HasAlone || r.IsReserved) < Math.Max(1, _rows.Count / NodesForOneAlone);

    private (int, bool, int, long) Turn(Demand demand) => (-demand.Priority, !demand.Alone, _heldByRun.GetValueOrDefault(demand.Key.Run), demand.Order);

    private sealed class Row(string name, int slots, HashSet<string> refuses)
    {
        public string Name => name;

        public int Slots => slots;

        /// <summary>Runs that the node cannot work for.</summary>
        public HashSet<string> Refuses => refuses;

        public int Leases { get; set; }

        public bool HasAlone { get; set; }

        public bool IsReserved { get; set; }

        public HashSet<VideoKey> Videos { get; } = [];

        public int Free => IsReserved || HasAlone ? 0 : slots - Leases;
    }
}
