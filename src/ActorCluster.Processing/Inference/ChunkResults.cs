using ActorCluster.Core;
using ActorCluster.Storage;

namespace ActorCluster.Processing.Inference;

/// <summary>A chunk's features while they come in.</summary>
internal sealed class ChunkResults(Chunk chunk, VisualInput input)
{
    private readonly Half[] _features = new Half[chunk.FrameCount * input.FeatureWidth];
    private readonly Half[] _logits = new Half[chunk.FrameCount * input.LogitWidth];

    /// <summary>Batches that the encoder still has.</summary>
    public int Outstanding { get; set; }

    /// <summary>What the decoder says of the frames, once it has read them all.</summary>
    public InferenceMessages.ChunkDecoded? Decoded { get; set; }

    /// <summary>Whether nothing more comes.</summary>
    public bool IsComplete => Decoded is not null && Outstanding == 0;

    /// <summary>Takes an encoded batch's rows.</summary>
    public void Take(FaceBatch batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            Copy(batch.Features, _features, i, batch.Frames[i], input.FeatureWidth);
            Copy(batch.Logits, _logits, i, batch.Frames[i], input.LogitWidth);
        }
    }

    /// <summary>The chunk as the store keeps it.</summary>
    public VisualChunk ToVisualChunk(FrameTimeline timeline) => new(
        [.. timeline.Pts.AsSpan(chunk.FirstFrame, chunk.FrameCount)],
        Decoded!.Flags,
        _features,
        input.FeatureWidth,
        _logits,
        input.LogitWidth,
        Decoded.Boxes);

    private static void Copy(Half[] from, Half[] to, int row, int frame, int width) => from.AsSpan(row * width, width).CopyTo(to.AsSpan(frame * width));
}
