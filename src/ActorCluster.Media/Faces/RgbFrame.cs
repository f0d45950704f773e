namespace ActorCluster.Media.Faces;

/// <summary>A frame's pixels, checked once: rows from top to bottom, three bytes (red, green, blue) a pixel, no padding between rows.</summary>
internal readonly ref struct RgbFrame
{
    /// <summary>Wraps the pixels.</summary>
    /// <param name="pixels">[<paramref name="height"/>, <paramref name="width"/>, 3].</param>
    /// <param name="width">The frame's width in pixels, at least 1.</param>
    /// <param name="height">The frame's height in pixels, at least 1.</param>
    /// <exception cref="ArgumentException">The sizes and the number of bytes do not agree.</exception>
    public RgbFrame(ReadOnlySpan<byte> pixels, int width, int height)
    {
        if (width < 1 || height < 1 || (long)width * height * 3 != pixels.Length)
        {
            throw new ArgumentException($"{pixels.Length} bytes are no RGB frame of {width}x{height} pixels.", nameof(pixels));
        }

        Pixels = pixels;
        Width = width;
        Height = height;
    }

    public ReadOnlySpan<byte> Pixels { get; }

    public int Width { get; }

    public int Height { get; }

    /// <summary>One row's bytes, [<see cref="Width"/>, 3].</summary>
    public ReadOnlySpan<byte> Row(int y) => Pixels.Slice(y * Width * 3, Width * 3);
}
