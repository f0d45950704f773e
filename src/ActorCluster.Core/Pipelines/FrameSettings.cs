namespace ActorCluster.Core.Pipelines;

/// <summary>How frames are read.</summary>
/// <param name="MaxLongSide">Frames whose longer side has more pixels are scaled down to it, 64 to 8192.</param>
public sealed record FrameSettings(int MaxLongSide)
{
    /// <summary>The size in which a frame is read: its own, or with its longer side cut down to <see cref="MaxLongSide"/>; at least one pixel each way.</summary>
    /// <param name="width">The frame's width in pixels, at least 1.</param>
    /// <param name="height">The frame's height in pixels, at least 1.</param>
    public (int Width, int Height) SizeOf(int width, int height)
    {
        var scale = Math.Min(1, (double)MaxLongSide / Math.Max(width, height));
        return (Math.Max(1, (int)Math.Round(width * scale)), Math.Max(1, (int)Math.Round(height * scale)));
    }
}
