using System.Collections.Concurrent;

namespace ActorCluster.Processing.Inference;

/// <summary>
/// The batches of one unit of work. Their number is what bounds its memory: a decoder that is ahead of the encoder waits here. The buffers themselves
/// go from unit to unit.
/// </summary>
internal sealed class FaceBatchPool : IDisposable
{
    /// <summary>Three are enough to decode, encode and hand over at the same time: about 3.8 MB.</summary>
    public const int Batches = 3;

    private static readonly ConcurrentBag<FaceBatch> Free = [];

    private readonly SemaphoreSlim _available = new(Batches);

    /// <summary>Takes an empty batch; blocks until there is one.</summary>
    public FaceBatch Rent(int chunk, CancellationToken cancellation)
    {
        _available.Wait(cancellation);
        var batch = Free.TryTake(out var free) ? free : new FaceBatch();
        batch.Chunk = chunk;
        batch.Count = 0;
        return batch;
    }

    /// <summary>Gives a batch back.</summary>
    public void Return(FaceBatch batch)
    {
        Free.Add(batch);
        _available.Release();
    }

    /// <inheritdoc/>
    public void Dispose() => _available.Dispose();
}
