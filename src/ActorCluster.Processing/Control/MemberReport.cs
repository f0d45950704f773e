using System.Collections.Immutable;

namespace ActorCluster.Processing.Control;

/// <summary>A member of the cluster, as this node sees it.</summary>
/// <param name="Address">Its address, <c>host:port</c>.</param>
/// <param name="Node">The process's name.</param>
/// <param name="Roles">Its roles.</param>
/// <param name="Status">Its status in Akka.Cluster, such as <c>Up</c> or <c>Leaving</c>.</param>
/// <param name="IsReachable">Whether the cluster reaches it.</param>
/// <param name="IsSelf">Whether it is this node.</param>
/// <param name="IsLeader">Whether it is the leader, who lets members join and leave.</param>
/// <param name="IsOldest">Whether it is the oldest of the coordinators, who hosts the catalogue and the slot broker.</param>
public sealed record MemberReport(
    string Address, string Node, ImmutableArray<string> Roles, string Status, bool IsReachable, bool IsSelf, bool IsLeader, bool IsOldest)
{
    /// <summary>Whether it belongs to the cluster for good.</summary>
    public bool IsUp => Status == "Up";

    /// <summary>Whether it hosts runs and votes in a split.</summary>
    public bool IsCoordinator => Roles.Contains("coordinator");
}
