namespace ActorCluster.Processing.Inference;

/// <summary>A chunk's stored features are missing or damaged; the chunk can be done again.</summary>
internal sealed class DamagedFeaturesException(int chunk, Exception inner) : Exception($"The features of chunk {chunk} cannot be read: {inner.Message}", inner)
{
    /// <summary>The chunk.</summary>
    public int Chunk => chunk;
}
