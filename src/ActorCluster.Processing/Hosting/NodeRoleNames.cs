using System.Collections.Immutable;

namespace ActorCluster.Processing.Hosting;

/// <summary>The names of roles, the same in settings and in the cluster.</summary>
public static class NodeRoleNames
{
    /// <summary>Every role there is.</summary>
    public static ImmutableArray<NodeRoles> Every { get; } = [NodeRoles.Coordinator, NodeRoles.Worker, NodeRoles.Gpu];

    /// <summary>One role's name.</summary>
    public static string Of(NodeRoles role) => role.ToString().ToLowerInvariant();

    /// <summary>The names of those that a node has.</summary>
    public static IEnumerable<string> AllOf(NodeRoles roles) => Every.Where(r => roles.HasFlag(r)).Select(Of);
}
