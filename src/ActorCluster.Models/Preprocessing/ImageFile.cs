using ActorCluster.Core.Faults;
using SkiaSharp;

namespace ActorCluster.Models.Preprocessing;

/// <summary>Reads JPEG and PNG files.</summary>
public static class ImageFile
{
    /// <summary>The longest accepted side of an image in pixels.</summary>
    public const int MaxSide = 16_384;

    /// <summary>The most pixels of an accepted image: 8192 x 8192.</summary>
    public const int MaxPixels = 1 << 26;

    private const string Stage = "image";
    private const int Channels = 3;

    /// <summary>Reads a file; see <see cref="ReadRgb(Stream, string)"/>.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputFaultException">It is not a JPEG or PNG that can be decoded whole, or it is too large.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static RgbImage ReadRgb(string path)
    {
        using var stream = File.OpenRead(path);
        return ReadRgb(stream, path);
    }

    /// <summary>
    /// Reads an image. Its colours are the file's own (colour profiles are left aside), transparency is dropped, and it stands as its EXIF orientation
    /// says. Its size is checked before anything is decoded.
    /// </summary>
    /// <param name="stream">Its bytes.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="InputFaultException">It is not a JPEG or PNG that can be decoded whole, or it is too large.</exception>
    public static RgbImage ReadRgb(Stream stream, string name)
    {
        using var data = new SKManagedStream(stream);
        using var codec = SKCodec.Create(data, out var opened);
        if (codec is null || codec.EncodedFormat is not (SKEncodedImageFormat.Jpeg or SKEncodedImageFormat.Png))
        {
            var what = codec is null ? opened.ToString() : codec.EncodedFormat.ToString();
            throw new InputFaultException(Stage, $"'{name}' is not a JPEG or PNG image ({what}).");
        }

        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if (width > MaxSide || height > MaxSide || (long)width * height > MaxPixels)
        {
            throw new InputFaultException(
                Stage, $"'{name}' has {width} x {height} pixels; at most {MaxSide} a side and {MaxPixels} in all are read.");
        }

        // Without a colour space in the destination, Skia converts none; not premultiplied, transparency does not darken the colours.
        using var bitmap = new SKBitmap();
        if (!bitmap.TryAllocPixels(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul)))
        {
            throw new EnvironmentFaultException(Stage, $"There is no memory for the {width} x {height} pixels of '{name}'.", "Free memory.");
        }

        var result = codec.GetPixels(bitmap.Info, bitmap.GetPixels());
        return result == SKCodecResult.Success
            ? Orient(bitmap.GetPixelSpan(), width, height, codec.EncodedOrigin)
            : throw new InputFaultException(Stage, $"'{name}' cannot be decoded whole ({result}).");
    }

    // EXIF 2.3, tag 274. Transposed orientations swap the sides; the others mirror rows, columns or both.
    private static RgbImage Orient(ReadOnlySpan<byte> rgba, int width, int height, SKEncodedOrigin origin)
    {
        var transposed = origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
        var fromRight = origin is SKEncodedOrigin.TopRight or SKEncodedOrigin.BottomRight or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
        var fromBottom = origin is SKEncodedOrigin.BottomRight or SKEncodedOrigin.BottomLeft or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom;
        var (shownWidth, shownHeight) = transposed ? (height, width) : (width, height);
        var pixels = new byte[width * height * Channels];
        var to = 0;
        for (var y = 0; y < shownHeight; y++)
        {
            for (var x = 0; x < shownWidth; x++)
            {
                var (column, row) = transposed ? (y, x) : (x, y);
                column = fromRight ? width - 1 - column : column;
                row = fromBottom ? height - 1 - row : row;
                rgba.Slice(((row * width) + column) * 4, Channels).CopyTo(pixels.AsSpan(to));
                to += Channels;
            }
        }

        return new RgbImage(pixels, shownWidth, shownHeight);
    }
}
