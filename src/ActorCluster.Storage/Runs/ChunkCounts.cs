namespace ActorCluster.Storage;

/// <summary>Chunks, as the journal counts them.</summary>
/// <param name="Planned">Chunks of the plans.</param>
/// <param name="Started">Starts, first ones and repeated ones; one that never reached its node does not count.</param>
/// <param name="Redone">Starts of a chunk that had been started before.</param>
public sealed record ChunkCounts(long Planned, long Started, long Redone);
