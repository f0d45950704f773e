using System.Collections.Immutable;

namespace ActorCluster.Processing.Control;

/// <summary>The shards of one node.</summary>
/// <param name="Member">The node.</param>
/// <param name="Shards">Its shards.</param>
/// <param name="Silence">Why they are not known; empty where they are.</param>
public sealed record NodeShards(MemberReport Member, ImmutableArray<ShardCount> Shards, string Silence);
