using System.Collections.Immutable;
using ActorCluster.Processing.Control;

namespace ActorCluster.Operator;

/// <summary>A member of the cluster with what it tells of itself.</summary>
/// <param name="Address">Its address, <c>host:port</c>.</param>
/// <param name="Node">The process's name.</param>
/// <param name="Roles">Its roles.</param>
/// <param name="Status">Its status in Akka.Cluster.</param>
/// <param name="IsReachable">Whether the cluster reaches it.</param>
/// <param name="IsSelf">Whether it is the node that answers.</param>
/// <param name="IsLeader">Whether it lets members join and leave.</param>
/// <param name="IsOldest">Whether it hosts the catalogue and the slot broker.</param>
/// <param name="Silence">Why there is no report; empty where there is one.</param>
/// <param name="Report">What it tells; null where it does not answer.</param>
internal sealed record NodeAnswer(
    string Address, string Node, ImmutableArray<string> Roles, string Status, bool IsReachable, bool IsSelf, bool IsLeader, bool IsOldest, string Silence, NodeReport? Report)
{
    private const double UptimeStep = 60;
    private const long MemoryStep = 16 << 20;

    /// <summary>Those of some members.</summary>
    public static ImmutableArray<NodeAnswer> Of(ImmutableArray<NodeStanding> nodes) => [.. nodes.Select(Of)];

    /// <summary>One without its units of work and without what changes every second and tells nothing, so that a cluster at rest is one of which there is nothing new.</summary>
    public NodeAnswer AtAGlance() => this with
    {
        Report = Report is null
            ? null
            : Report with
            {
                Units = [], UptimeSeconds = Math.Floor(Report.UptimeSeconds / UptimeStep) * UptimeStep, MemoryBytes = Report.MemoryBytes / MemoryStep * MemoryStep,
            },
    };

    private static NodeAnswer Of(NodeStanding standing)
    {
        var m = standing.Member;
        return new NodeAnswer(m.Address, m.Node, m.Roles, m.Status, m.IsReachable, m.IsSelf, m.IsLeader, m.IsOldest, standing.Silence, standing.Report);
    }
}
