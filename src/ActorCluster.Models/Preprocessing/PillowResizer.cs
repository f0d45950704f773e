using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.Intrinsics;

namespace ActorCluster.Models.Preprocessing;

/// <summary>
/// Resizes 8-bit RGB images with exactly Pillow's result: the filter widens when an image shrinks (antialias), weights are fixed-point numbers, and
/// the horizontal pass is rounded to 8 bits before the vertical one. Source: <c>ImagingResample</c> in Pillow 9.4's <c>src/libImaging/Resample.c</c>.
/// It keeps its buffers from image to image; not for use by several threads at once.
/// </summary>
public sealed class PillowResizer
{
    /// <summary>The longest accepted side of an image, input or output, in pixels.</summary>
    public const int MaxSide = ImageFile.MaxSide;

    private const int Channels = 3;
    private const int Half = 1 << (ResampleCoefficients.PrecisionBits - 1);

    private readonly ResampleCoefficients horizontal;
    private readonly ResampleCoefficients vertical;
    private byte[] rows = [];
    private byte[] lastRow = [];

    /// <summary>Makes a resizer to one size.</summary>
    /// <param name="width">The output's width in pixels, 1 to <see cref="MaxSide"/>.</param>
    /// <param name="height">The output's height in pixels, 1 to <see cref="MaxSide"/>.</param>
    /// <param name="filter">The filter.</param>
    public PillowResizer(int width, int height, ResampleFilter filter)
    {
        CheckSide(width);
        CheckSide(height);
        if (filter is not (ResampleFilter.Bilinear or ResampleFilter.Bicubic))
        {
            throw new ArgumentOutOfRangeException(nameof(filter), filter, "The filters are bilinear and bicubic.");
        }

        (Width, Height) = (width, height);
        horizontal = new ResampleCoefficients(filter);
        vertical = new ResampleCoefficients(filter);
    }

    /// <summary>The output's width in pixels.</summary>
    public int Width { get; }

    /// <summary>The output's height in pixels.</summary>
    public int Height { get; }

    /// <summary>Resizes an image.</summary>
    /// <param name="rgb">The image [<paramref name="height"/>, <paramref name="width"/>, 3].</param>
    /// <param name="width">Its width in pixels, 1 to <see cref="MaxSide"/>.</param>
    /// <param name="height">Its height in pixels, 1 to <see cref="MaxSide"/>.</param>
    /// <param name="output">Where to: [<see cref="Height"/>, <see cref="Width"/>, 3].</param>
    /// <exception cref="ArgumentException">A size is out of range or does not agree with its image.</exception>
    public void Resize(ReadOnlySpan<byte> rgb, int width, int height, Span<byte> output)
    {
        CheckSide(width);
        CheckSide(height);
        if (rgb.Length != (long)width * height * Channels)
        {
            throw new ArgumentException($"{rgb.Length} bytes are no RGB image of {width} x {height} pixels.", nameof(rgb));
        }

        if (output.Length != (long)Width * Height * Channels)
        {
            throw new ArgumentException($"{output.Length} bytes have no room for {Width} x {Height} RGB pixels.", nameof(output));
        }

        if (height == Height)
        {
            ResizeRows(rgb, width, output);
            return;
        }

        vertical.Prepare(height, Height);
        var (first, end) = (vertical.First, vertical.End);
        var needed = rgb[(first * width * Channels)..(end * width * Channels)];
        if (width != Width)
        {
            var bytes = (end - first) * Width * Channels;
            if (rows.Length < bytes)
            {
                rows = new byte[bytes];
            }

            ResizeRows(needed, width, rows.AsSpan(0, bytes));
            needed = rows.AsSpan(0, bytes);
        }

        var rowBytes = Width * Channels;
        for (var y = 0; y < Height; y++)
        {
            CombineRows(needed[((vertical.Start(y) - first) * rowBytes)..], vertical.Weights(y), output.Slice(y * rowBytes, rowBytes));
        }
    }

    private static void CheckSide(int pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pixels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pixels, MaxSide);
    }

    private void ResizeRows(ReadOnlySpan<byte> input, int width, Span<byte> output)
    {
        if (width == Width)
        {
            input.CopyTo(output);
            return;
        }

        horizontal.Prepare(width, Width);
        var (inputBytes, outputBytes) = (width * Channels, Width * Channels);
        var count = input.Length / inputBytes;
        for (var y = 0; y < count - 1; y++)
        {
            ResizeRow(input[(y * inputBytes)..], output.Slice(y * outputBytes, outputBytes));
        }

        // Pixels are read as four bytes, so the last row needs one byte more than it has.
        if (lastRow.Length <= inputBytes)
        {
            lastRow = new byte[inputBytes + 1];
        }

        input[^inputBytes..].CopyTo(lastRow);
        ResizeRow(lastRow, output[^outputBytes..]);
    }

    private void ResizeRow(ReadOnlySpan<byte> input, Span<byte> output)
    {
        for (var x = 0; x < Width; x++)
        {
            var weights = horizontal.Weights(x);
            var at = horizontal.Start(x) * Channels;
            var sum = Vector128.Create(Half);
            foreach (var weight in weights)
            {
                var pixel = Vector128.CreateScalarUnsafe(BinaryPrimitives.ReadUInt32LittleEndian(input.Slice(at, sizeof(uint)))).AsByte();
                sum += Vector128.WidenLower(Vector128.WidenLower(pixel)).AsInt32() * weight;
                at += Channels;
            }

            var rounded = Vector128.Min(Vector128.Max(sum >> ResampleCoefficients.PrecisionBits, Vector128<int>.Zero), Vector128.Create(255));
            var samples = output.Slice(x * Channels, Channels);
            samples[0] = (byte)rounded.GetElement(0);
            samples[1] = (byte)rounded.GetElement(1);
            samples[2] = (byte)rounded.GetElement(2);
        }
    }

    private static void CombineRows(ReadOnlySpan<byte> input, ReadOnlySpan<int> weights, Span<byte> output)
    {
        var x = 0;
        for (; x <= output.Length - Vector<byte>.Count; x += Vector<byte>.Count)
        {
            Vector<int> a = new(Half), b = a, c = a, d = a;
            for (var i = 0; i < weights.Length; i++)
            {
                Vector.Widen(new Vector<byte>(input[((i * output.Length) + x)..]), out var low, out var high);
                Vector.Widen(low, out var first, out var second);
                Vector.Widen(high, out var third, out var fourth);
                a += first.As<uint, int>() * weights[i];
                b += second.As<uint, int>() * weights[i];
                c += third.As<uint, int>() * weights[i];
                d += fourth.As<uint, int>() * weights[i];
            }

            Vector.Narrow(Vector.Narrow(Round(a), Round(b)).As<short, ushort>(), Vector.Narrow(Round(c), Round(d)).As<short, ushort>())
                .CopyTo(output[x..]);
        }

        for (; x < output.Length; x++)
        {
            var sum = Half;
            for (var i = 0; i < weights.Length; i++)
            {
                sum += input[(i * output.Length) + x] * weights[i];
            }

            output[x] = (byte)Math.Clamp(sum >> ResampleCoefficients.PrecisionBits, 0, 255);
        }
    }

    private static Vector<int> Round(Vector<int> sum) =>
        Vector.Min(Vector.Max(Vector.ShiftRightArithmetic(sum, ResampleCoefficients.PrecisionBits), Vector<int>.Zero), new Vector<int>(255));
}
