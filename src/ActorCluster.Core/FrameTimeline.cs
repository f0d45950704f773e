using System.Collections.Immutable;

namespace ActorCluster.Core;

/// <summary>
/// A video's displayed frames as the probe predicts them: one presentation timestamp (PTS) per frame, in the stream's own ticks.
/// Time is never computed as index / fps.
/// </summary>
public sealed class FrameTimeline
{
    /// <summary>The largest magnitude of a timestamp: differences and chunk bounds then never overflow.</summary>
    public const long LargestPts = 1L << 60;

    /// <summary>Makes a timeline.</summary>
    /// <param name="timeBase">Seconds per tick.</param>
    /// <param name="pts">Presentation timestamps in ticks, strictly increasing, at least one, within ±<see cref="LargestPts"/>.</param>
    /// <exception cref="ArgumentException">
    /// The timestamps are empty, not strictly increasing or out of range, or the time base is not positive.
    /// </exception>
    public FrameTimeline(Rational timeBase, ImmutableArray<long> pts)
    {
        if (timeBase.Numerator <= 0 || timeBase.Denominator <= 0)
        {
            throw new ArgumentException($"The time base {timeBase} is not positive.", nameof(timeBase));
        }

        if (pts.IsDefaultOrEmpty)
        {
            throw new ArgumentException("A timeline has at least one frame.", nameof(pts));
        }

        for (var i = 1; i < pts.Length; i++)
        {
            if (pts[i] <= pts[i - 1])
            {
                throw new ArgumentException($"The timestamps do not increase at frame {i + 1}: {pts[i - 1]} then {pts[i]}.", nameof(pts));
            }
        }

        if (pts[0] < -LargestPts || pts[^1] > LargestPts)
        {
            throw new ArgumentException($"The timestamps {pts[0]} to {pts[^1]} go beyond ±{LargestPts}.", nameof(pts));
        }

        TimeBase = timeBase;
        Pts = pts;
    }

    /// <summary>Seconds per tick.</summary>
    public Rational TimeBase { get; }

    /// <summary>Presentation timestamps in ticks of <see cref="TimeBase"/>, strictly increasing.</summary>
    public ImmutableArray<long> Pts { get; }

    /// <summary>The number of frames, at least 1.</summary>
    public int Count => Pts.Length;

    /// <summary>The presentation time of a frame in seconds, on the file's own clock.</summary>
    /// <param name="frame">The frame's 0-based index.</param>
    public double SecondsAt(int frame) => TimeBase.ToSeconds(Pts[frame]);

    /// <summary>
    /// From the first frame's timestamp to the end of the last, in seconds; the last frame is taken to last as long as the median one.
    /// </summary>
    public double DurationSeconds => TimeBase.ToSeconds(Pts[^1] - Pts[0] + TypicalDuration);

    /// <summary>The median distance between neighbouring frames in ticks; 1 for a single frame.</summary>
    public long TypicalDuration
    {
        get
        {
            if (Count == 1)
            {
                return 1;
            }

            var gaps = new long[Count - 1];
            for (var i = 1; i < Count; i++)
            {
                gaps[i - 1] = Pts[i] - Pts[i - 1];
            }

            Array.Sort(gaps);
            return gaps[gaps.Length / 2];
        }
    }

    /// <summary>The index of the first frame with a timestamp at or after <paramref name="pts"/>; <see cref="Count"/> when there is none.</summary>
    public int FirstAtOrAfter(long pts)
    {
        var at = Pts.BinarySearch(pts);
        return at >= 0 ? at : ~at;
    }
}
