using System.Collections.Concurrent;
using ActorCluster.Media.Faces;

namespace ActorCluster.Processing.Inference;

/// <summary>
/// The decoder's side of a visual encoder: turns a picture into what the encoder takes. Used by all decoder threads at once.
/// </summary>
internal abstract class VisualInput
{
    /// <summary>Images that travel to the encoder together.</summary>
    public abstract int BatchSize { get; }

    /// <summary>Bytes of one image as the encoder takes it.</summary>
    public abstract int InputBytes { get; }

    /// <summary>The length D of a feature vector.</summary>
    public abstract int FeatureWidth { get; }

    /// <summary>The number L of logits of the encoder's own head, 0 without one.</summary>
    public abstract int LogitWidth { get; }

    /// <summary>Batches that no unit uses at the moment.</summary>
    public ConcurrentBag<FaceBatch> FreeBatches { get; } = [];

    /// <summary>Writes one image.</summary>
    /// <param name="rgb">The picture, [height, width, 3].</param>
    /// <param name="width">Its width in pixels.</param>
    /// <param name="height">Its height in pixels.</param>
    /// <param name="region">The part to show, black outside of the picture; null for all of it.</param>
    /// <param name="input">Receives the image, [<see cref="InputBytes"/>].</param>
    public abstract void Write(ReadOnlySpan<byte> rgb, int width, int height, CropRegion? region, Span<byte> input);
}
