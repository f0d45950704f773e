using System.Runtime.InteropServices;

namespace ActorCluster.Models.Checkpoints;

/// <summary>Reads a view of memory in the order of its elements.</summary>
internal static class StridedView
{
    /// <summary>Hands out the elements of a view, the last dimension fastest.</summary>
    /// <param name="source">The storage from the view's first element to its last.</param>
    /// <param name="view">The view, checked and not empty.</param>
    /// <param name="width">The bytes of an element: 1, 2, 4 or 8.</param>
    /// <param name="buffer">Room for a piece; at least one element.</param>
    /// <param name="take">Called with one piece after the other.</param>
    public static void Gather(ReadOnlySpan<byte> source, PickledTensor view, int width, Span<byte> buffer, Action<ReadOnlySpan<byte>> take)
    {
        switch (width)
        {
            case 1: Gather<byte>(source, view, buffer, take); break;
            case 2: Gather<ushort>(source, view, buffer, take); break;
            case 4: Gather<uint>(source, view, buffer, take); break;
            case 8: Gather<ulong>(source, view, buffer, take); break;
            default: throw new ArgumentOutOfRangeException(nameof(width), width, "An element has 1, 2, 4 or 8 bytes.");
        }
    }

    private static void Gather<T>(ReadOnlySpan<byte> source, PickledTensor view, Span<byte> buffer, Action<ReadOnlySpan<byte>> take)
        where T : unmanaged
    {
        var elements = MemoryMarshal.Cast<byte, T>(source);
        var piece = MemoryMarshal.Cast<byte, T>(buffer);
        var shape = view.Shape.AsSpan();
        var strides = view.Strides.AsSpan();
        var last = shape.Length - 1;
        var index = new long[shape.Length];
        var (row, filled) = (0L, 0);
        while (true)
        {
            for (long i = 0, at = row; i < shape[last]; i++, at += strides[last])
            {
                piece[filled++] = elements[(int)at];
                if (filled == piece.Length)
                {
                    take(MemoryMarshal.AsBytes(piece));
                    filled = 0;
                }
            }

            // The next row: the last of the outer dimensions that has one goes on, those behind it start again.
            var dimension = last - 1;
            while (dimension >= 0 && ++index[dimension] == shape[dimension])
            {
                row -= (shape[dimension] - 1) * strides[dimension];
                index[dimension--] = 0;
            }

            if (dimension < 0)
            {
                break;
            }

            row += strides[dimension];
        }

        if (filled > 0)
        {
            take(MemoryMarshal.AsBytes(piece[..filled]));
        }
    }
}
