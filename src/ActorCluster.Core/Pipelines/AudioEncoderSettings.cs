using System.Collections.Immutable;

namespace ActorCluster.Core.Pipelines;

/// <summary>The audio encoder.</summary>
/// <param name="Kind">The encoder's kind: <see cref="WavLm"/>.</param>
/// <param name="Model">The folder of its checkpoint; 1 to 1024 characters, see <see cref="ModelPath"/>.</param>
/// <param name="Batch">Segments in every forward pass, 1 to 256; partial batches are padded.</param>
/// <param name="Precision"><see cref="VisualEncoderSettings.FullPrecision"/> or <see cref="VisualEncoderSettings.ReducedPrecision"/>.</param>
/// <param name="Layers">Hidden states whose mean is the feature, 0 being the first layer's input; empty for the last hidden state.</param>
/// <param name="SegmentSeconds">Length of a segment, 1 to 60, a multiple of 0.02.</param>
/// <param name="ContextSeconds">What the encoder hears on either side of a segment, 0.1 to 10, a multiple of 0.02.</param>
/// <param name="PoolingSeconds">A frame's feature is the mean of the tokens whose centres lie in a window of this width around its time, 0.02 to 4.</param>
public sealed record AudioEncoderSettings(
    string Kind, string Model, int Batch, string Precision, ImmutableArray<int> Layers, double SegmentSeconds, double ContextSeconds, double PoolingSeconds)
{
    /// <summary>WavLM in Hugging Face's format.</summary>
    public const string WavLm = "wavlm";

    /// <summary>Whether both have the same settings, the layers compared one by one.</summary>
    public bool Equals(AudioEncoderSettings? other) =>
        other is not null && (Kind, Model, Batch, Precision) == (other.Kind, other.Model, other.Batch, other.Precision)
        && (SegmentSeconds, ContextSeconds, PoolingSeconds) == (other.SegmentSeconds, other.ContextSeconds, other.PoolingSeconds)
        && Layers.AsSpan().SequenceEqual(other.Layers.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Model, Batch, Precision, Layers.Length, SegmentSeconds, ContextSeconds, PoolingSeconds);
}
