using CsCheck;

namespace ActorCluster.Core.Tests;

/// <summary>Timelines for tests.</summary>
internal static class Timelines
{
    private static readonly Rational[] TimeBases = [new(1, 30), new(1001, 30000), new(1, 90000), new(1, 1000), new(1, 1)];

    /// <summary>Timelines of every kind: constant and variable rate, gaps, negative starts, coarse and fine time bases.</summary>
    public static Gen<FrameTimeline> Any { get; } =
        from timeBase in Gen.Int[0, TimeBases.Length - 1]
        from start in Gen.Long[-1_000_000, 1_000_000]
        from gaps in Gen.Frequency((8, Gen.Long[1, 40]), (2, Gen.Long[1, 5000]), (1, Gen.Long[1, 10_000_000])).Array[0, 200]
        select FromGaps(TimeBases[timeBase], start, gaps);

    public static FrameTimeline Constant(int frames, int framesPerSecond) =>
        new(new Rational(1, framesPerSecond), [.. Enumerable.Range(0, frames).Select(i => (long)i)]);

    private static FrameTimeline FromGaps(Rational timeBase, long start, long[] gaps)
    {
        var pts = new List<long> { start };
        foreach (var gap in gaps)
        {
            pts.Add(pts[^1] + gap);
        }

        return new FrameTimeline(timeBase, [.. pts]);
    }
}
