using System.Collections.Immutable;

namespace ActorCluster.Operator;

/// <summary>The answer to <c>GET /v1/nodes</c>.</summary>
/// <param name="Nodes">The members of the cluster.</param>
internal sealed record NodeList(ImmutableArray<NodeAnswer> Nodes);
