using System.Collections.Immutable;

namespace ActorCluster.Core;

/// <summary>
/// How a video is cut into chunks: a pure function of its timeline and the chunk length, so that every node and every later run cuts it the same way.
/// </summary>
public static class ChunkPlan
{
    private const long LongestChunkTicks = 1L << 62;

    /// <summary>
    /// Cuts a timeline at first PTS + k * chunk length, in whole ticks. Every frame is in exactly one chunk. Intervals without a frame, as variable frame
    /// rates have them, give no chunk, but the bounds of the others stay on that grid.
    /// </summary>
    /// <remarks>
    /// A bound moves to the seek point nearest to it, if there is one less than half a chunk away: decoding from there costs nothing extra. Seek points are
    /// as much a property of the file as its frames, so the plan stays a pure function of the file.
    /// </remarks>
    /// <param name="timeline">The video's frames.</param>
    /// <param name="chunkSeconds">The length of a chunk in seconds, greater than 0; rounded to whole ticks, at least one.</param>
    /// <param name="seekPoints">PTS that decoding may start from, increasing; empty for none.</param>
    /// <returns>The chunks in order of time, at least one, their indices 0, 1, 2 …</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="chunkSeconds"/> is not a number greater than 0.</exception>
    public static ImmutableArray<Chunk> Create(FrameTimeline timeline, double chunkSeconds, ImmutableArray<long> seekPoints)
    {
        if (!(chunkSeconds > 0) || !double.IsFinite(chunkSeconds))
        {
            throw new ArgumentOutOfRangeException(nameof(chunkSeconds), chunkSeconds, "A chunk lasts longer than 0 seconds.");
        }

        var chunkTicks = Math.Clamp(timeline.TimeBase.ToTicks(chunkSeconds), 1, LongestChunkTicks);
        var chunks = ImmutableArray.CreateBuilder<Chunk>();
        long Bound(long k) => k == 0 ? timeline.Pts[0] : Snapped(timeline.Pts[0] + (k * chunkTicks), chunkTicks, seekPoints);
        for (var frame = 0; frame < timeline.Count;)
        {
            // A bound moves by less than half a chunk, so the right interval is this one or a neighbour.
            var k = (timeline.Pts[frame] - timeline.Pts[0]) / chunkTicks;
            k = timeline.Pts[frame] < Bound(k) ? k - 1 : timeline.Pts[frame] >= Bound(k + 1) ? k + 1 : k;
            var next = timeline.FirstAtOrAfter(Bound(k + 1));
            chunks.Add(new Chunk(chunks.Count, frame, next - frame, Bound(k), Bound(k + 1)));
            frame = next;
        }

        return chunks.DrainToImmutable();
    }

    private static long Snapped(long bound, long chunkTicks, ImmutableArray<long> seekPoints)
    {
        var at = seekPoints.BinarySearch(bound);
        if (at >= 0)
        {
            return bound;
        }

        // Half-open reach, so that two neighbouring bounds never move to the same point.
        var (before, after) = (~at - 1, ~at);
        var reach = chunkTicks / 2;
        long? left = before >= 0 && bound - seekPoints[before] < reach ? seekPoints[before] : null;
        long? right = after < seekPoints.Length && seekPoints[after] - bound < reach ? seekPoints[after] : null;
        return (left, right) switch
        {
            ({ } l, { } r) => bound - l <= r - bound ? l : r,
            ({ } l, null) => l,
            (null, { } r) => r,
            _ => bound,
        };
    }
}
