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
    /// <param name="timeline">The video's frames.</param>
    /// <param name="chunkSeconds">The length of a chunk in seconds, greater than 0; rounded to whole ticks, at least one.</param>
    /// <returns>The chunks in order of time, at least one, their indices 0, 1, 2 …</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="chunkSeconds"/> is not a number greater than 0.</exception>
    public static ImmutableArray<Chunk> Create(FrameTimeline timeline, double chunkSeconds)
    {
        if (!(chunkSeconds > 0) || !double.IsFinite(chunkSeconds))
        {
            throw new ArgumentOutOfRangeException(nameof(chunkSeconds), chunkSeconds, "A chunk lasts longer than 0 seconds.");
        }

        var chunkTicks = Math.Clamp(timeline.TimeBase.ToTicks(chunkSeconds), 1, LongestChunkTicks);
        var chunks = ImmutableArray.CreateBuilder<Chunk>();
        for (var frame = 0; frame < timeline.Count;)
        {
            var intervals = (timeline.Pts[frame] - timeline.Pts[0]) / chunkTicks;
            var start = timeline.Pts[0] + (intervals * chunkTicks);
            var end = start + chunkTicks;
            var next = timeline.FirstAtOrAfter(end);
            chunks.Add(new Chunk(chunks.Count, frame, next - frame, start, end));
            frame = next;
        }

        return chunks.DrainToImmutable();
    }
}
