using System.Runtime.InteropServices;
using ActorCluster.Core;
using ActorCluster.Core.Voting;

namespace ActorCluster.Training.Evaluation;

/// <summary>The moving average, to compare the median filter with: like it centred, clipped at the video's ends, and over voted frames alone.</summary>
internal static class BoxFilter
{
    /// <summary>Filters each class's probability by itself. A mean of rows that sum to 1 sums to 1.</summary>
    /// <param name="decided">All frames of a video.</param>
    /// <param name="kernel">The width in frames, odd.</param>
    /// <returns>The same frames with filtered probabilities, rounded to half floats.</returns>
    public static FramesDecided Filter(FramesDecided decided, int kernel)
    {
        var (n, radius) = (decided.Count, kernel / 2);
        var probabilities = new Half[n * Expressions.Count];
        var voted = new int[n + 1];
        for (var i = 0; i < n; i++)
        {
            voted[i + 1] = voted[i] + (Voted(i) ? 1 : 0);
        }

        var sums = new double[n + 1];
        for (var k = 0; k < Expressions.Count; k++)
        {
            for (var i = 0; i < n; i++)
            {
                sums[i + 1] = sums[i] + (Voted(i) ? (double)decided.Probabilities[(i * Expressions.Count) + k] : 0);
            }

            for (var i = 0; i < n; i++)
            {
                var (from, to) = (Math.Max(0, i - radius), Math.Min(n, i + radius + 1));
                if (Voted(i))
                {
                    probabilities[(i * Expressions.Count) + k] = (Half)((sums[to] - sums[from]) / (voted[to] - voted[from]));
                }
            }
        }

        return decided with { Probabilities = ImmutableCollectionsMarshal.AsImmutableArray(probabilities) };

        bool Voted(int frame) => (decided.Flags[frame] & FrameFlags.Voted) != 0;
    }
}
