using System.Runtime.CompilerServices;

namespace ActorCluster.Core.Voting;

/// <summary>
/// The median filter of temporal voting. The window is centred on a frame and clipped at the video's ends; only frames that take part are counted; of an
/// even number of values the lower of the two middle ones is the median, so that a result is always a value that occurred.
/// </summary>
public static class MedianFilter
{
    /// <summary>Filters class indices, or any other integers.</summary>
    /// <param name="labels">The labels, [n].</param>
    /// <param name="takesPart">Which frames take part, [n].</param>
    /// <param name="kernel">The window's width in frames, odd, at least 1.</param>
    /// <returns>The filtered labels, [n]; a frame that does not take part keeps its own.</returns>
    /// <exception cref="ArgumentException">The kernel is not odd and positive, or the lengths do not agree.</exception>
    public static int[] FilterLabels(ReadOnlySpan<int> labels, ReadOnlySpan<bool> takesPart, int kernel)
    {
        Check(labels.Length, takesPart.Length, kernel);
        var result = labels.ToArray();
        Filter(labels, takesPart, kernel, result);
        return result;
    }

    /// <summary>Filters each class's probability by itself and scales every row to sum to 1 again.</summary>
    /// <param name="probabilities">Probabilities, [n, 8]; only the rows that take part are looked at, and their values are 0 to 1.</param>
    /// <param name="takesPart">Which frames take part, [n].</param>
    /// <param name="kernel">The window's width in frames, odd, at least 1.</param>
    /// <returns>
    /// The filtered probabilities, [n, 8]; zeros for a frame that does not take part. Where the median of every class is 0 (each frame certain, of different
    /// classes) the frame's own row stands, scaled.
    /// </returns>
    /// <exception cref="ArgumentException">The kernel is not odd and positive, or the lengths do not agree.</exception>
    public static double[] FilterProbabilities(ReadOnlySpan<Half> probabilities, ReadOnlySpan<bool> takesPart, int kernel)
    {
        Check(probabilities.Length, takesPart.Length * Expressions.Count, kernel);
        var frames = takesPart.Length;
        var result = new double[probabilities.Length];
        var column = new int[frames];
        var filtered = new int[frames];
        for (var k = 0; k < Expressions.Count; k++)
        {
            for (var i = 0; i < frames; i++)
            {
                // Bits of half floats that are not negative are ordered as their values are.
                column[i] = Unsafe.BitCast<Half, ushort>(probabilities[(i * Expressions.Count) + k]);
            }

            Filter(column, takesPart, kernel, filtered);
            for (var i = 0; i < frames; i++)
            {
                result[(i * Expressions.Count) + k] = takesPart[i] ? (double)Unsafe.BitCast<ushort, Half>((ushort)filtered[i]) : 0;
            }
        }

        for (var i = 0; i < frames; i++)
        {
            if (takesPart[i])
            {
                Normalise(result.AsSpan(i * Expressions.Count, Expressions.Count), probabilities.Slice(i * Expressions.Count, Expressions.Count));
            }
        }

        return result;
    }

    private static void Filter(ReadOnlySpan<int> values, ReadOnlySpan<bool> takesPart, int kernel, Span<int> result)
    {
        var radius = Math.Min(kernel / 2, values.Length);
        // The window's values in ascending order; each step of the window removes one and adds one.
        var sorted = new int[Math.Min((2 * radius) + 1, values.Length)];
        var count = 0;
        for (var i = -radius; i < values.Length; i++)
        {
            var leaving = i - radius - 1;
            if (leaving >= 0 && takesPart[leaving])
            {
                var at = LowerBound(sorted.AsSpan(0, count), values[leaving]);
                sorted.AsSpan(at + 1, count - at - 1).CopyTo(sorted.AsSpan(at));
                count--;
            }

            var entering = i + radius;
            if (entering < values.Length && takesPart[entering])
            {
                var at = LowerBound(sorted.AsSpan(0, count), values[entering]);
                sorted.AsSpan(at, count - at).CopyTo(sorted.AsSpan(at + 1));
                sorted[at] = values[entering];
                count++;
            }

            if (i >= 0 && takesPart[i])
            {
                result[i] = sorted[(count - 1) / 2];
            }
        }
    }

    private static int LowerBound(ReadOnlySpan<int> sorted, int value)
    {
        var low = 0;
        var high = sorted.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (sorted[middle] < value)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private static void Normalise(Span<double> row, ReadOnlySpan<Half> own)
    {
        var sum = 0.0;
        foreach (var p in row)
        {
            sum += p;
        }

        if (sum == 0)
        {
            for (var k = 0; k < row.Length; k++)
            {
                row[k] = (double)own[k];
                sum += row[k];
            }
        }

        for (var k = 0; k < row.Length && sum > 0; k++)
        {
            row[k] /= sum;
        }
    }

    private static void Check(int values, int expected, int kernel)
    {
        if (kernel < 1 || kernel % 2 == 0)
        {
            throw new ArgumentException($"A median filter's kernel is odd and at least 1, not {kernel}.", nameof(kernel));
        }

        if (values != expected)
        {
            throw new ArgumentException($"{values} values do not agree with a mask for {expected}.", nameof(values));
        }
    }
}
