using ActorCluster.Core;
using ActorCluster.Models;
using ActorCluster.Storage;

namespace ActorCluster.Processing.Inference;

/// <summary>A chunk's features while they come in.</summary>
internal sealed class ChunkResults(Chunk chunk)
{
    private readonly Half[] _features = new Half[chunk.FrameCount * FaceExpressionNet.FeatureWidth];
    private readonly Half[] _logits = new Half[chunk.FrameCount * FaceExpressionNet.LogitWidth];

    /// <summary>Batches that the encoder still has.</summary>
    public int Outstanding { get; set; }

    /// <summary>What the decoder says of the frames, once it has read them all.</summary>
    public InferenceMessages.ChunkDecoded? Decoded { get; set; }

    /// <summary>Whether nothing more comes.</summary>
    public bool IsComplete => Decoded is not null && Outstanding == 0;

    /// <summary>Takes an encoded batch's rows, rounded to half floats as they are stored.</summary>
    public void Take(FaceBatch batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            Round(batch.Features, _features, i, batch.Frames[i], FaceExpressionNet.FeatureWidth);
            Round(batch.Logits, _logits, i, batch.Frames[i], FaceExpressionNet.LogitWidth);
        }
    }

    /// <summary>The chunk as the store keeps it.</summary>
    public VisualChunk ToVisualChunk(FrameTimeline timeline) => new(
        [.. timeline.Pts.AsSpan(chunk.FirstFrame, chunk.FrameCount)],
        Decoded!.Flags,
        _features,
        FaceExpressionNet.FeatureWidth,
        _logits,
        FaceExpressionNet.LogitWidth,
        Decoded.Boxes);

    private static void Round(float[] from, Half[] to, int row, int frame, int width)
    {
        for (var k = 0; k < width; k++)
        {
            to[(frame * width) + k] = (Half)from[(row * width) + k];
        }
    }
}
