using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ActorCluster.Media.Faces;

/// <summary>
/// Scales a square region of a frame to a small square of float pixels. Each output pixel is the mean of the source under a box that is one
/// output pixel wide, or one source pixel if that is wider: area averaging where the region shrinks, bilinear interpolation where it grows.
/// Not thread-safe; allocates only when a frame is wider than any before.
/// </summary>
internal sealed class AreaResampler
{
    private readonly int _size;
    private readonly AxisWeights _columns;
    private readonly AxisWeights _rows;
    private float[] _sums = [];

    /// <summary>Makes a resampler.</summary>
    /// <param name="size">The output's side in pixels.</param>
    public AreaResampler(int size)
    {
        _size = size;
        _columns = new AxisWeights(size);
        _rows = new AxisWeights(size);
    }

    /// <summary>The length of the output: one float more than its pixels need, because pixels are stored four floats at a time.</summary>
    public int OutputLength => (_size * _size * 3) + 1;

    /// <summary>Scales a region.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="region">The region; black outside of the frame.</param>
    /// <param name="scale">Each value is multiplied by this,</param>
    /// <param name="offset">and then has this added.</param>
    /// <param name="output">[size, size, 3] and one float of undefined content: <see cref="OutputLength"/> floats.</param>
    public void Resample(RgbFrame frame, CropRegion region, float scale, float offset, Span<float> output)
    {
        _columns.Set(region.Left, region.Size, frame.Width);
        _rows.Set(region.Top, region.Size, frame.Height);
        var firstByte = _columns.Start * 3;
        var byteCount = (_columns.End * 3) - firstByte;
        if (_sums.Length < byteCount + 1)
        {
            _sums = new float[byteCount + 1];
        }

        for (var y = 0; y < _size; y++)
        {
            var row = output.Slice(y * _size * 3, (_size * 3) + 1);
            var weights = _rows.Weights[_rows.Offsets[y].._rows.Offsets[y + 1]];
            if (weights.IsEmpty || byteCount == 0)
            {
                row[..^1].Fill(offset);
                continue;
            }

            AddRows(frame, _rows.First[y], weights, firstByte, _sums.AsSpan(0, byteCount));
            AddColumns(scale, offset, row);
        }
    }

    /// <summary>sums[i] = the weighted sum of byte i over the rows, in the order of the rows whatever the vector width.</summary>
    private static void AddRows(RgbFrame frame, int firstRow, ReadOnlySpan<float> weights, int firstByte, Span<float> sums)
    {
        var stride = frame.Width * 3;
        ref var source = ref MemoryMarshal.GetReference(frame.Pixels.Slice((firstRow * stride) + firstByte, ((weights.Length - 1) * stride) + sums.Length));
        ref var target = ref MemoryMarshal.GetReference(sums);
        var i = 0;
        for (; i <= sums.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            var low = Vector256<float>.Zero;
            var high = Vector256<float>.Zero;
            var at = i;
            foreach (var weight in weights)
            {
                var words = Vector256.WidenLower(Vector128.LoadUnsafe(ref source, (nuint)at).ToVector256Unsafe());
                low += Vector256.ConvertToSingle(Vector256.WidenLower(words).AsInt32()) * weight;
                high += Vector256.ConvertToSingle(Vector256.WidenUpper(words).AsInt32()) * weight;
                at += stride;
            }

            low.StoreUnsafe(ref target, (nuint)i);
            high.StoreUnsafe(ref target, (nuint)(i + Vector256<float>.Count));
        }

        for (; i < sums.Length; i++)
        {
            var sum = 0f;
            for (var k = 0; k < weights.Length; k++)
            {
                sum += frame.Pixels[((firstRow + k) * stride) + firstByte + i] * weights[k];
            }

            sums[i] = sum;
        }
    }

    /// <summary>One output row from the sums. A pixel travels as four floats: its own three and one of the next, which that one overwrites.</summary>
    private void AddColumns(float scale, float offset, Span<float> row)
    {
        ref var source = ref MemoryMarshal.GetArrayDataReference(_sums);
        ref var target = ref MemoryMarshal.GetReference(row);
        var weights = _columns.Weights;
        var first = _columns.First;
        var offsets = _columns.Offsets;
        var shift = Vector128.Create(offset);
        for (var x = 0; x < first.Length; x++)
        {
            var sum = Vector128<float>.Zero;
            var at = (first[x] - _columns.Start) * 3;
            for (var k = offsets[x]; k < offsets[x + 1]; k++)
            {
                sum += Vector128.LoadUnsafe(ref source, (nuint)at) * weights[k];
                at += 3;
            }

            ((sum * scale) + shift).StoreUnsafe(ref target, (nuint)(x * 3));
        }
    }
}
