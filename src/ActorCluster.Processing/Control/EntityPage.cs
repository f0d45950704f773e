using System.Collections.Immutable;

namespace ActorCluster.Processing.Control;

/// <summary>Some of the entities that are awake on this node.</summary>
/// <param name="Total">How many there are.</param>
/// <param name="Entities">Those asked for, in order of shard and name.</param>
public sealed record EntityPage(int Total, ImmutableArray<(string Shard, string Entity)> Entities);
