namespace ActorCluster.Processing.Inference;

/// <summary>
/// Some images of one chunk on their way from the decoder through the encoder, in buffers that are used again. Passed by reference inside the
/// process; whoever holds it owns it.
/// </summary>
internal sealed class FaceBatch : IEncoderRequest
{
    public FaceBatch(VisualInput input)
    {
        Input = new byte[input.BatchSize * input.InputBytes];
        Frames = new int[input.BatchSize];
        Features = new Half[input.BatchSize * input.FeatureWidth];
        Logits = new Half[input.BatchSize * input.LogitWidth];
    }

    /// <summary>What one has in bytes.</summary>
    public static long BytesOf(VisualInput input) => input.BatchSize * (input.InputBytes + sizeof(int) + (2L * (input.FeatureWidth + input.LogitWidth)));

    /// <summary>What the encoder takes, [images, input bytes].</summary>
    public byte[] Input { get; }

    /// <summary>Each image's frame, counted from the chunk's first.</summary>
    public int[] Frames { get; }

    /// <summary>Features [images, D], rounded as they are stored, once encoded.</summary>
    public Half[] Features { get; }

    /// <summary>Logits [images, L] of the encoder's own head, once encoded.</summary>
    public Half[] Logits { get; }

    /// <summary>The images' chunk.</summary>
    public int Chunk { get; set; }

    /// <inheritdoc/>
    public int Count { get; set; }
}
