using System.Collections.Immutable;

namespace ActorCluster.Models.Checkpoints;

/// <summary>A tensor as a pickle describes it: a view of a storage. Nothing of it is to be trusted before <see cref="Check"/>.</summary>
/// <param name="Storage">Where its elements are.</param>
/// <param name="Offset">The element of the storage that is its first.</param>
/// <param name="Shape">Its dimensions, outermost first; none negative.</param>
/// <param name="Strides">How many elements of the storage lie between neighbours of each dimension; none negative.</param>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, ImmutableArray<long> Shape, ImmutableArray<long> Strides)
{
    // PyTorch's own limit of dimensions.
    private const int MaxRank = 64;

    // A strided view is gathered from memory; a larger one than this no model has.
    private const long MaxGatheredBytes = 1 << 29;

    /// <summary>Whether it has no elements.</summary>
    public bool IsEmpty => Shape.Contains(0);

    /// <summary>Whether its elements lie in the storage one after the other, the last dimension fastest.</summary>
    public bool IsContiguous
    {
        get
        {
            if (IsEmpty)
            {
                return true;
            }

            var expected = 1L;
            for (var i = Shape.Length - 1; i >= 0; i--)
            {
                if (Shape[i] != 1 && Strides[i] != expected)
                {
                    return false;
                }

                expected *= Shape[i];
            }

            return true;
        }
    }

    /// <summary>How many elements of the storage lie from its first to its last, both counted; 0 for a tensor without elements.</summary>
    public long Reach => IsEmpty ? 0 : Shape.Zip(Strides, (size, stride) => (size - 1) * stride).Sum() + 1;

    /// <summary>Checks that it lies inside of its storage and has no more elements than that.</summary>
    /// <param name="name">Its name, for the message.</param>
    /// <param name="width">The bytes of an element.</param>
    /// <exception cref="CheckpointFormatException">It does not. The message names no file.</exception>
    public void Check(string name, int width)
    {
        if (Shape.Length != Strides.Length || Shape.Length > MaxRank)
        {
            throw new CheckpointFormatException(
                $"The tensor {Quoted.Text(name)} has {Shape.Length} dimensions and {Strides.Length} strides; it needs as many, and at most {MaxRank}.");
        }

        if (Offset < 0 || !Fits())
        {
            throw new CheckpointFormatException(
                $"The tensor {Quoted.Text(name)} of shape [{string.Join(", ", Shape)}], strides [{string.Join(", ", Strides)}] and offset {Offset} does not fit its "
                + $"storage of {Storage.Count} elements. (Views that repeat elements are not read: call contiguous() before saving.)");
        }

        if (!IsContiguous && Reach > MaxGatheredBytes / width)
        {
            throw new CheckpointFormatException(
                $"The tensor {Quoted.Text(name)} is a strided view of more than {MaxGatheredBytes} bytes. Call contiguous() on it before saving.");
        }
    }

    private bool Fits()
    {
        var (elements, last) = ((Int128)1, (Int128)Offset);
        for (var i = 0; i < Shape.Length; i++)
        {
            // Both are compared before they are multiplied again, so neither passes 2^127. The product must do without overflow even if a
            // later dimension is 0, for whoever multiplies in order.
            elements *= Shape[i];
            last += (Int128)Math.Max(Shape[i] - 1, 0) * Strides[i];
            if (elements > long.MaxValue / sizeof(double) || last > long.MaxValue)
            {
                return false;
            }
        }

        return elements <= Storage.Count && (IsEmpty ? Offset <= Storage.Count : last < Storage.Count);
    }
}
