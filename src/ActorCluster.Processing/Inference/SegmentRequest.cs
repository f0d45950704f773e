using ActorCluster.Core.Audio;

namespace ActorCluster.Processing.Inference;

/// <summary>One segment of audio on its way from the decoder through the encoder, in buffers that are used again.</summary>
internal sealed class SegmentRequest(int inputSamples, int tokens, int width) : IEncoderRequest
{
    /// <summary>Mono samples at 16 kHz, [input samples]; zeros behind the segment's.</summary>
    public float[] Samples { get; } = new float[inputSamples];

    /// <summary>The features of the tokens that the segment keeps, [tokens, D], rounded as they are stored, once encoded.</summary>
    public Half[] Features { get; } = new Half[tokens * width];

    /// <summary>The length D of a feature vector.</summary>
    public int Width => width;

    /// <summary>Which segment it is.</summary>
    public AudioSegment Segment { get; set; } = null!;

    /// <inheritdoc/>
    public int Count => 1;
}
