using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ActorCluster.Core.Pipelines;

namespace ActorCluster.Media.Faces;

/// <summary>Cuts a face out of a frame, as the expression network expects it.</summary>
public static class FaceCropper
{
    /// <summary>
    /// The square to crop for a face: its side is <see cref="FaceSettings.CropScale"/> times the box's longer side, and its centre lies
    /// <see cref="FaceSettings.CropShiftUp"/> box sides above the box's.
    /// </summary>
    /// <param name="box">The face.</param>
    /// <param name="settings">The pipeline's settings.</param>
    public static CropRegion RegionOf(FaceBox box, FaceSettings settings) => CropRegion.Around(
        box.X + (box.Width / 2),
        box.Y + (box.Height / 2) - (settings.CropShiftUp * box.Side),
        settings.CropScale * box.Side);

    /// <summary>
    /// Scales a region to a square image by bilinear interpolation on TensorFlow 1's legacy grid (<c>resize_bilinear</c> without half-pixel
    /// centres and without aligned corners): source = target * region / size, the last row and column repeated. It is the grid that
    /// FaceExpressionNet was made for.
    /// </summary>
    /// <param name="rgb">The frame, [<paramref name="height"/>, <paramref name="width"/>, 3], rows from top to bottom.</param>
    /// <param name="width">The frame's width in pixels.</param>
    /// <param name="height">The frame's height in pixels.</param>
    /// <param name="region">What to crop; black outside of the frame.</param>
    /// <param name="size">The image's side in pixels, at least 1.</param>
    /// <param name="chw">Receives the image by colour plane, [3, size, size], values 0 to 255.</param>
    /// <exception cref="ArgumentException">The sizes and the number of bytes or floats do not agree.</exception>
    public static void Crop(ReadOnlySpan<byte> rgb, int width, int height, CropRegion region, int size, Span<float> chw)
    {
        var frame = new RgbFrame(rgb, width, height);
        if (size < 1 || region.Size < 1 || chw.Length != 3L * size * size)
        {
            throw new ArgumentException($"{chw.Length} floats do not take a region of side {region.Size} as three planes of side {size}.", nameof(chw));
        }

        var plane = size * size;
        var columns = ArrayPool<Tap>.Shared.Rent(size);
        var rows = ArrayPool<Vector128<float>>.Shared.Rent(2 * size);
        var upper = rows.AsSpan(0, size);
        var lower = rows.AsSpan(size, size);
        SetTaps(columns.AsSpan(0, size), region);
        var (upperRow, lowerRow) = (-1, -1);
        for (var y = 0; y < size; y++)
        {
            var tap = Tap.At(y, size, region.Size);
            if (tap.First == lowerRow)
            {
                var swap = upper;
                upper = lower;
                lower = swap;
                (upperRow, lowerRow) = (lowerRow, -1);
            }

            if (tap.First != upperRow)
            {
                InterpolateRow(frame, region.Top + tap.First, region.Left, columns.AsSpan(0, size), upper);
                upperRow = tap.First;
            }

            if (tap.Second != lowerRow)
            {
                InterpolateRow(frame, region.Top + tap.Second, region.Left, columns.AsSpan(0, size), lower);
                lowerRow = tap.Second;
            }

            Blend(upper, lower, tap.Weight, chw.Slice(y * size, size), chw.Slice(plane + (y * size), size), chw.Slice((2 * plane) + (y * size), size));
        }

        ArrayPool<Tap>.Shared.Return(columns);
        ArrayPool<Vector128<float>>.Shared.Return(rows);
    }

    private static void SetTaps(Span<Tap> taps, CropRegion region)
    {
        for (var i = 0; i < taps.Length; i++)
        {
            taps[i] = Tap.At(i, taps.Length, region.Size);
        }
    }

    /// <summary>One source row, interpolated along the columns into pixels, [size]: red, green, blue, and something.</summary>
    private static void InterpolateRow(RgbFrame frame, int y, int left, ReadOnlySpan<Tap> columns, Span<Vector128<float>> pixels)
    {
        if (y < 0 || y >= frame.Height)
        {
            pixels.Clear();
            return;
        }

        var row = frame.Row(y);
        for (var x = 0; x < columns.Length; x++)
        {
            var tap = columns[x];
            var first = PixelAt(row, left + tap.First);
            pixels[x] = first + ((PixelAt(row, left + tap.Second) - first) * tap.Weight);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> PixelAt(ReadOnlySpan<byte> row, int x)
    {
        var at = x * 3;
        if ((uint)at >= (uint)row.Length)
        {
            return Vector128<float>.Zero;
        }

        var rgb = at + sizeof(uint) <= row.Length ? BinaryPrimitives.ReadUInt32LittleEndian(row[at..]) : row[at] | ((uint)row[at + 1] << 8) | ((uint)row[at + 2] << 16);
        return Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalar(rgb).AsByte())).AsInt32());
    }

    private static void Blend(
        ReadOnlySpan<Vector128<float>> upper, ReadOnlySpan<Vector128<float>> lower, float weight, Span<float> red, Span<float> green, Span<float> blue)
    {
        for (var x = 0; x < red.Length; x++)
        {
            var pixel = upper[x] + ((lower[x] - upper[x]) * weight);
            (red[x], green[x], blue[x]) = (pixel[0], pixel[1], pixel[2]);
        }
    }

    /// <summary>The two source pixels between which a target pixel lies, and the second's weight.</summary>
    private readonly record struct Tap(int First, int Second, float Weight)
    {
        public static Tap At(int target, int targetSize, int sourceSize)
        {
            var source = target * ((float)sourceSize / targetSize);
            var first = (int)source;
            return new Tap(first, Math.Min(first + 1, sourceSize - 1), source - first);
        }
    }
}
