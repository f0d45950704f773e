namespace ActorCluster.Media.Faces;

/// <summary>Along one axis: which source pixels make up each output pixel, and with what weights.</summary>
internal sealed class AxisWeights
{
    private readonly int[] _first;
    private readonly int[] _offsets;
    private float[] _weights = [];
    private (int Start, int Length, int Limit) _key;

    /// <summary>Makes the table for a number of output pixels.</summary>
    public AxisWeights(int count)
    {
        _first = new int[count];
        _offsets = new int[count + 1];
    }

    /// <summary>The first source pixel that any output pixel needs.</summary>
    public int Start { get; private set; }

    /// <summary>One past the last source pixel that any output pixel needs; equal to <see cref="Start"/> when the region lies outside of the frame.</summary>
    public int End { get; private set; }

    /// <summary>The source pixel that an output pixel's first weight belongs to, [count].</summary>
    public ReadOnlySpan<int> First => _first;

    /// <summary>Where an output pixel's weights start, [count + 1]; those of one that sees nothing of the source are empty.</summary>
    public ReadOnlySpan<int> Offsets => _offsets;

    /// <summary>The weights of consecutive source pixels, for one output pixel after the other.</summary>
    public ReadOnlySpan<float> Weights => _weights;

    /// <summary>Fills the table.</summary>
    /// <param name="start">The region's first source pixel; may be negative.</param>
    /// <param name="length">The region's length in source pixels, at least 1.</param>
    /// <param name="limit">The number of source pixels there are; those outside of 0 to <paramref name="limit"/> weigh nothing.</param>
    public void Set(int start, int length, int limit)
    {
        if (_key == (start, length, limit))
        {
            return;
        }

        var count = _first.Length;
        var step = (double)length / count;
        var width = Math.Max(step, 1);

        // A box touches at most two pixels more than its width, and never a pixel outside of the source.
        var most = count * Math.Min((int)width + 2, limit);
        if (_weights.Length < most)
        {
            _weights = new float[most];
        }

        (Start, End) = (limit, 0);
        var used = 0;
        for (var i = 0; i < count; i++)
        {
            var from = start + ((i + 0.5) * step) - (width / 2);
            var first = Math.Max((int)Math.Floor(from), 0);
            var end = Math.Min((int)Math.Ceiling(from + width), limit);
            _first[i] = first;
            _offsets[i] = used;
            for (var pixel = first; pixel < end; pixel++)
            {
                var covered = Math.Min(pixel + 1, from + width) - Math.Max(pixel, from);
                _weights[used++] = (float)(covered / width);
            }

            if (first < end)
            {
                Start = Math.Min(Start, first);
                End = Math.Max(End, end);
            }
        }

        _offsets[count] = used;
        End = Math.Max(End, Start);
        _key = (start, length, limit);
    }
}
