using System.Buffers;

namespace ActorCluster.Media.Faces;

/// <summary>A square cut out of a picture, black where it reaches beyond, in a buffer that goes back when it is disposed.</summary>
public readonly ref struct RgbSquare : IDisposable
{
    private readonly byte[] _buffer;
    private readonly int _length;

    private RgbSquare(byte[] buffer, int length) => (_buffer, _length) = (buffer, length);

    /// <summary>The pixels, [size, size, 3].</summary>
    public ReadOnlySpan<byte> Pixels => _buffer.AsSpan(0, _length);

    /// <summary>Cuts a square.</summary>
    /// <param name="rgb">The picture, [height, width, 3].</param>
    /// <param name="width">Its width in pixels.</param>
    /// <param name="height">Its height in pixels.</param>
    /// <param name="region">What to cut; its size is at most a few times the picture's.</param>
    public static RgbSquare Cut(ReadOnlySpan<byte> rgb, int width, int height, CropRegion region)
    {
        var length = checked(region.Size * region.Size * 3);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        buffer.AsSpan(0, length).Clear();
        var (left, right) = (Math.Max(0, region.Left), Math.Min(width, region.Left + region.Size));
        for (var y = Math.Max(0, region.Top); y < Math.Min(height, region.Top + region.Size) && right > left; y++)
        {
            rgb.Slice(((y * width) + left) * 3, (right - left) * 3).CopyTo(buffer.AsSpan((((y - region.Top) * region.Size) + left - region.Left) * 3));
        }

        return new RgbSquare(buffer, length);
    }

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);
}
