using System.Collections.Immutable;
using ActorCluster.Core;
using ActorCluster.Media;
using ActorCluster.Processing.Inference;
using static ActorCluster.Processing.Slots.SlotMessages;

namespace ActorCluster.Processing.Decoding;

/// <summary>One unit of work to decode, and the buffers that its decoder fills.</summary>
internal sealed class DecodeJob : IDisposable
{
    private readonly HashSet<int> _done;

    /// <summary>Makes a job.</summary>
    /// <param name="assets">What decoding needs of the pipeline.</param>
    /// <param name="info">The video.</param>
    /// <param name="order">The unit.</param>
    /// <param name="budget">What buffers are taken from; null where their number is bound enough.</param>
    public DecodeJob(DecodeAssets assets, VideoInfo info, StartUnit order, StagingBudget? budget)
    {
        (Assets, Info, Order) = (assets, info, order);
        Plan = ChunkPlan.Create(info.Timeline, assets.Definition.ChunkSeconds, info.Seek.SeekPoints);
        _done = [.. order.DoneChunks];
        var (visual, audio) = (assets.Visual, assets.Audio);
        Batches = new BufferPool<FaceBatch>(visual.FreeBatches, () => new FaceBatch(visual), FaceBatch.BytesOf(visual), budget);
        Segments = audio is null ? null : new BufferPool<SegmentRequest>(audio.FreeSegments, () => new SegmentRequest(audio), SegmentRequest.BytesOf(audio), budget);
    }

    /// <summary>What decoding needs of the pipeline.</summary>
    public DecodeAssets Assets { get; }

    /// <summary>The video.</summary>
    public VideoInfo Info { get; }

    /// <summary>The unit.</summary>
    public StartUnit Order { get; }

    /// <summary>The video's chunks.</summary>
    public ImmutableArray<Chunk> Plan { get; }

    /// <summary>How far it is.</summary>
    public UnitProgress Progress { get; init; } = new();

    /// <summary>Buffers for faces.</summary>
    public BufferPool<FaceBatch> Batches { get; }

    /// <summary>Buffers for sound; null without an audio encoder.</summary>
    public BufferPool<SegmentRequest>? Segments { get; }

    /// <summary>The unit's chunks, done or not.</summary>
    public IEnumerable<Chunk> Chunks => Plan.Skip(Order.Unit.FirstChunk).Take(Order.Unit.ChunkCount);

    /// <summary>Whether the audio track is to be read.</summary>
    public bool ReadsAudio => Order.Unit.Audio && !Order.AudioDone;

    /// <summary>Makes sure that a node's budget has room for a buffer of each kind.</summary>
    /// <exception cref="Core.Faults.EnvironmentFaultException">It has not.</exception>
    public static void RequireRoom(DecodeAssets assets, StagingBudget budget)
    {
        budget.Require(FaceBatch.BytesOf(assets.Visual), $"one batch of pipeline '{assets.Definition.Name}'");
        if (assets.Audio is { } audio)
        {
            budget.Require(SegmentRequest.BytesOf(audio), $"one segment of sound of pipeline '{assets.Definition.Name}'");
        }
    }

    /// <summary>Whether a chunk's features are stored already.</summary>
    public bool IsDone(int chunk) => _done.Contains(chunk);

    /// <summary>Takes a buffer for faces, and says meanwhile that it waits.</summary>
    public FaceBatch RentBatch(CancellationToken cancellation) => Rent(Batches, cancellation);

    /// <summary>Takes a buffer for sound, and says meanwhile that it waits.</summary>
    public SegmentRequest RentSegment(CancellationToken cancellation) => Rent(Segments!, cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        Batches.Dispose();
        Segments?.Dispose();
    }

    private T Rent<T>(BufferPool<T> pool, CancellationToken cancellation)
    {
        Progress.Waiting = true;
        try
        {
            return pool.Rent(cancellation);
        }
        finally
        {
            Progress.Waiting = false;
        }
    }
}
