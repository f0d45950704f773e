using System.Collections.Concurrent;

namespace ActorCluster.Processing.Inference;

/// <summary>The segments that one unit of work has in flight. Their number bounds its memory: a decoder that is ahead of the encoder waits here.</summary>
internal sealed class SegmentPool(AudioInput input) : IDisposable
{
    /// <summary>One that is encoded, one that waits, one that is filled: about 6 MB for WavLM-Large and 10 s.</summary>
    public const int Segments = 3;

    private readonly ConcurrentBag<SegmentRequest> _free = input.FreeSegments;
    private readonly SemaphoreSlim _available = new(Segments);

    /// <summary>Takes a segment's buffers; blocks until there are some.</summary>
    public SegmentRequest Rent(CancellationToken cancellation)
    {
        _available.Wait(cancellation);
        return _free.TryTake(out var free) ? free : new SegmentRequest(input.Grid.InputSamples, input.Grid.TokensPerSegment, input.FeatureWidth);
    }

    /// <summary>Gives a segment's buffers back.</summary>
    public void Return(SegmentRequest request)
    {
        _free.Add(request);
        _available.Release();
    }

    /// <inheritdoc/>
    public void Dispose() => _available.Dispose();
}
