using ActorCluster.Processing.Serialization;

namespace ActorCluster.Processing.Control;

/// <summary>One shard on a node.</summary>
/// <param name="Region">The region: <c>run</c> or <c>video</c>.</param>
/// <param name="Shard">The shard's id.</param>
/// <param name="Entities">Entities that are awake in it.</param>
public sealed record ShardCount(string Region, string Shard, int Entities) : IWireMessage;
