using ActorCluster.Core.Audio;

namespace ActorCluster.Processing.Inference;

/// <summary>One segment of audio on its way from the decoder through the encoder, in buffers that are used again.</summary>
internal sealed class SegmentRequest(AudioInput input) : IEncoderRequest
{
    /// <summary>What one has in bytes.</summary>
    public static long BytesOf(AudioInput input) => ((long)input.Grid.InputSamples * sizeof(float)) + (2L * input.Grid.TokensPerSegment * input.FeatureWidth);

    /// <summary>Mono samples at 16 kHz, [input samples]; zeros behind the segment's.</summary>
    public float[] Samples { get; } = new float[input.Grid.InputSamples];

    /// <summary>The features of the tokens that the segment keeps, [tokens, D], rounded as they are stored, once encoded.</summary>
    public Half[] Features { get; } = new Half[input.Grid.TokensPerSegment * input.FeatureWidth];

    /// <summary>The length D of a feature vector.</summary>
    public int Width => input.FeatureWidth;

    /// <summary>Which segment it is.</summary>
    public AudioSegment Segment { get; set; } = null!;

    /// <inheritdoc/>
    public int Count => 1;
}
