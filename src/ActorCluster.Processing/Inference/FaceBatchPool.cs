using System.Collections.Concurrent;

namespace ActorCluster.Processing.Inference;

/// <summary>
/// The batches of one unit of work. Their number is what bounds its memory: a decoder that is ahead of the encoder waits here. The buffers themselves
/// go from unit to unit of the same pipeline.
/// </summary>
internal sealed class FaceBatchPool(VisualInput input) : IDisposable
{
    /// <summary>Three are enough to decode, encode and hand over at the same time: 3.6 MB of BEiT's images in batches of 8.</summary>
    public const int Batches = 3;

    private readonly ConcurrentBag<FaceBatch> _free = input.FreeBatches;
    private readonly SemaphoreSlim _available = new(Batches);

    /// <summary>Takes an empty batch; blocks until there is one.</summary>
    public FaceBatch Rent(int chunk, CancellationToken cancellation)
    {
        _available.Wait(cancellation);
        var batch = _free.TryTake(out var free) ? free : new FaceBatch(input);
        batch.Chunk = chunk;
        batch.Count = 0;
        return batch;
    }

    /// <summary>Gives a batch back.</summary>
    public void Return(FaceBatch batch)
    {
        _free.Add(batch);
        _available.Release();
    }

    /// <inheritdoc/>
    public void Dispose() => _available.Dispose();
}
