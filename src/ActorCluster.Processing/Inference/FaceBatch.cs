using ActorCluster.Models;

namespace ActorCluster.Processing.Inference;

/// <summary>
/// Some faces of one chunk on their way from the decoder through the encoder, in buffers that are used again. Passed by reference inside the
/// process; whoever holds it owns it.
/// </summary>
internal sealed class FaceBatch
{
    /// <summary>Faces in a full batch.</summary>
    public const int Capacity = 8;

    /// <summary>Pixels [faces, 3, 112, 112].</summary>
    public float[] Pixels { get; } = new float[Capacity * FaceExpressionNet.InputWidth];

    /// <summary>Each face's frame, counted from the chunk's first.</summary>
    public int[] Frames { get; } = new int[Capacity];

    /// <summary>Logits [faces, 7], once encoded.</summary>
    public float[] Logits { get; } = new float[Capacity * FaceExpressionNet.LogitWidth];

    /// <summary>Features [faces, 256], once encoded.</summary>
    public float[] Features { get; } = new float[Capacity * FaceExpressionNet.FeatureWidth];

    /// <summary>The faces' chunk.</summary>
    public int Chunk { get; set; }

    /// <summary>The number of faces.</summary>
    public int Count { get; set; }
}
