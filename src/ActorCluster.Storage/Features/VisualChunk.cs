using ActorCluster.Core;

namespace ActorCluster.Storage;

/// <summary>What the visual encoder made of the n frames of one chunk.</summary>
public sealed record VisualChunk
{
    /// <summary>Makes the chunk from its columns, which are not copied.</summary>
    /// <param name="pts">Presentation timestamps in the stream's ticks, [n].</param>
    /// <param name="flags">Flags of each frame, [n]: <see cref="FrameFlags.FacePresent"/> and <see cref="FrameFlags.Decoded"/> only.</param>
    /// <param name="features">Feature vectors, [n, <paramref name="featureWidth"/>].</param>
    /// <param name="featureWidth">The length D of a feature vector, at least 0.</param>
    /// <param name="logits">Class logits of the encoder's own head, [n, <paramref name="logitWidth"/>].</param>
    /// <param name="logitWidth">The number L of logits, 0 for an encoder without a head.</param>
    /// <param name="boxes">Face boxes, [n, 4]: x, y, width, height in pixels of the displayed frame; NaN without a face.</param>
    /// <exception cref="ArgumentException">The columns do not agree, or a frame has another flag.</exception>
    public VisualChunk(long[] pts, FrameFlags[] flags, Half[] features, int featureWidth, Half[] logits, int logitWidth, float[] boxes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(featureWidth);
        ArgumentOutOfRangeException.ThrowIfNegative(logitWidth);
        var n = pts.Length;
        if (flags.Length != n || features.LongLength != (long)n * featureWidth || logits.LongLength != (long)n * logitWidth || boxes.LongLength != 4L * n)
        {
            throw new ArgumentException(
                $"Columns of {n} timestamps, {flags.Length} flags, {features.Length} features of width {featureWidth}, {logits.Length} logits of width {logitWidth} and {boxes.Length} box values do not agree.");
        }

        if (Array.Exists(flags, f => (f & ~(FrameFlags.FacePresent | FrameFlags.Decoded)) != 0))
        {
            throw new ArgumentException("A chunk's frames know no flags but FacePresent and Decoded.", nameof(flags));
        }

        Pts = pts;
        Flags = flags;
        Features = features;
        FeatureWidth = featureWidth;
        Logits = logits;
        LogitWidth = logitWidth;
        Boxes = boxes;
    }

    /// <summary>Presentation timestamps in the stream's ticks, [n].</summary>
    public long[] Pts { get; }

    /// <summary>Flags of each frame, [n].</summary>
    public FrameFlags[] Flags { get; }

    /// <summary>Feature vectors, [n, D].</summary>
    public Half[] Features { get; }

    /// <summary>The length D of a feature vector.</summary>
    public int FeatureWidth { get; }

    /// <summary>Class logits of the encoder's own head, [n, L].</summary>
    public Half[] Logits { get; }

    /// <summary>The number L of logits.</summary>
    public int LogitWidth { get; }

    /// <summary>Face boxes, [n, 4]: x, y, width, height in pixels of the displayed frame; NaN without a face.</summary>
    public float[] Boxes { get; }

    /// <summary>The number n of frames.</summary>
    public int Count => Pts.Length;
}
