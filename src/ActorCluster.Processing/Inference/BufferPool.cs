using System.Collections.Concurrent;
using ActorCluster.Processing.Decoding;

namespace ActorCluster.Processing.Inference;

/// <summary>
/// The buffers that one unit of work has in flight. A decoder that is ahead of the encoder waits here, for its own buffers first and then for the node's
/// budget of bytes. The bound per unit is what keeps units fair to each other: the audio track of one video, which decodes a hundred times as fast as it
/// is encoded, would otherwise take the whole budget and queue minutes of work before everyone else's. The buffers themselves go from unit to
/// unit of the same pipeline.
/// </summary>
/// <typeparam name="T">What is pooled.</typeparam>
/// <param name="free">Those that no unit uses at the moment.</param>
/// <param name="create">Makes one more.</param>
/// <param name="bytes">The size of one.</param>
/// <param name="budget">What their bytes are taken from; null where their number is bound enough.</param>
internal sealed class BufferPool<T>(ConcurrentBag<T> free, Func<T> create, long bytes, StagingBudget? budget) : IDisposable
{
    /// <summary>
    /// One that is filled, one that is encoded, one that is handed over: of BEiT's images in batches of 8 these are 3.6 MB, of WavLM-Large's segments of
    /// 10 s about 6 MB.
    /// </summary>
    public const int Buffers = 3;

    private readonly SemaphoreSlim _available = new(Buffers);
    private readonly Lock _lock = new();
    private int _rented;
    private bool _disposed;

    /// <summary>Takes a buffer; blocks until there is one.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the unit has ended.</exception>
    public T Rent(CancellationToken cancellation)
    {
        _available.Wait(cancellation);
        try
        {
            budget?.Take(bytes, cancellation);
        }
        catch
        {
            _available.Release();
            throw;
        }

        lock (_lock)
        {
            if (_disposed)
            {
                budget?.Give(bytes);
                throw new OperationCanceledException("The unit of work has ended.");
            }

            _rented++;
        }

        return free.TryTake(out var buffer) ? buffer : create();
    }

    /// <summary>Gives a buffer back.</summary>
    public void Return(T buffer)
    {
        free.Add(buffer);
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _rented--;
        }

        budget?.Give(bytes);
        _available.Release();
    }

    /// <summary>The unit ends: what it has not given back is left to whoever still works on it, and counts no longer.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
        }

        budget?.Give(_rented * bytes);
    }
}
