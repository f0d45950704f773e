using System.Collections.Concurrent;

namespace ActorCluster.Processing.Inference;

/// <summary>
/// The buffers that one unit of work has in flight. Their number is what bounds its memory: a decoder that is ahead of the encoder waits here. The buffers
/// themselves go from unit to unit of the same pipeline.
/// </summary>
/// <typeparam name="T">What is pooled.</typeparam>
/// <param name="free">Those that no unit uses at the moment.</param>
/// <param name="create">Makes one more.</param>
internal sealed class BufferPool<T>(ConcurrentBag<T> free, Func<T> create) : IDisposable
{
    /// <summary>
    /// One that is filled, one that is encoded, one that is handed over: of BEiT's images in batches of 8 these are 3.6 MB, of WavLM-Large's segments of
    /// 10 s about 6 MB.
    /// </summary>
    public const int Buffers = 3;

    private readonly SemaphoreSlim _available = new(Buffers);

    /// <summary>Takes a buffer; blocks until there is one.</summary>
    public T Rent(CancellationToken cancellation)
    {
        _available.Wait(cancellation);
        return free.TryTake(out var buffer) ? buffer : create();
    }

    /// <summary>Gives a buffer back.</summary>
    public void Return(T buffer)
    {
        free.Add(buffer);
        _available.Release();
    }

    /// <inheritdoc/>
    public void Dispose() => _available.Dispose();
}
