using CsCheck;

namespace ActorCluster.Core.Tests;

public class ChunkPlanTests
{
    [Fact]
    public void Create_ConstantRate_CutsOnTheGrid()
    {
        var chunks = ChunkPlan.Create(Timelines.Constant(650, 30), 10, []);
        Assert.Equal([new Chunk(0, 0, 300, 0, 300), new Chunk(1, 300, 300, 300, 600), new Chunk(2, 600, 50, 600, 900)], chunks.ToArray());
    }

    [Fact]
    public void Create_GapOfSeveralChunks_SkipsEmptyIntervalsButKeepsTheGrid()
    {
        var chunks = ChunkPlan.Create(new FrameTimeline(new Rational(1, 10), [-7, -1, 2, 3, 59, 62, 63]), 1, []);
        Assert.Equal([new Chunk(0, 0, 3, -7, 3), new Chunk(1, 3, 1, 3, 13), new Chunk(2, 4, 2, 53, 63), new Chunk(3, 6, 1, 63, 73)], chunks.ToArray());
    }

    [Fact]
    public void Create_ChunkShorterThanATick_GivesAChunkPerTick()
    {
        var chunks = ChunkPlan.Create(new FrameTimeline(new Rational(5, 1), [0, 1, 4]), 1, []);
        Assert.Equal([0, 1, 4], chunks.Select(chunk => chunk.StartPts));
        Assert.All(chunks, chunk => Assert.Equal(chunk.StartPts + 1, chunk.EndPts));
    }

    [Fact]
    public void Create_TimestampsAtTheLimits_DoNotOverflow()
    {
        var timeline = new FrameTimeline(new Rational(1, 1_000_000_000), [-FrameTimeline.LargestPts, FrameTimeline.LargestPts]);
        Assert.Equal([0, 1], ChunkPlan.Create(timeline, 600, []).Select(chunk => chunk.FirstFrame));
        Assert.Single(ChunkPlan.Create(timeline, 4e9, []));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Create_LengthNotPositive_IsRefused(double seconds)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ChunkPlan.Create(Timelines.Constant(3, 30), seconds, []));
    }

    [Fact]
    public void Create_AnyTimeline_PutsEveryFrameInExactlyOneChunkOnTheGrid()
    {
        Gen.Select(Timelines.Any, Gen.Double[0.001, 700]).Sample((timeline, seconds) =>
        {
            var chunks = ChunkPlan.Create(timeline, seconds, []);
            var frame = 0;
            foreach (var chunk in chunks)
            {
                Assert.Equal(frame, chunk.FirstFrame);
                Assert.True(chunk.FrameCount >= 1);
                Assert.Equal(0, (chunk.StartPts - timeline.Pts[0]) % (chunk.EndPts - chunk.StartPts));
                Assert.Equal(chunks[0].EndPts - chunks[0].StartPts, chunk.EndPts - chunk.StartPts);
                for (; frame < chunk.FirstFrame + chunk.FrameCount; frame++)
                {
                    Assert.InRange(timeline.Pts[frame], chunk.StartPts, chunk.EndPts - 1);
                }
            }

            Assert.Equal(timeline.Count, frame);
            Assert.Equal(Enumerable.Range(0, chunks.Length), chunks.Select(chunk => chunk.Index));
        });
    }

    [Fact]
    public void Create_SeekPointsNearTheGrid_CutsThere()
    {
        // A key frame every 250 frames at 30 a second, as encoders make them by default: 0, 250, 500, 750, 1000.
        var chunks = ChunkPlan.Create(Timelines.Constant(1100, 30), 10, [0, 250, 500, 750, 1000]);
        Assert.Equal([0, 250, 500, 1000], chunks.Select(chunk => chunk.StartPts));
        Assert.Equal(chunks.Skip(1).Select(c => c.StartPts), chunks.SkipLast(1).Select(c => c.EndPts));
    }

    [Fact]
    public void Create_SeekPointsFarFromTheGrid_KeepsTheGrid()
    {
        var chunks = ChunkPlan.Create(Timelines.Constant(900, 30), 10, [0, 450]);
        Assert.Equal([0, 300, 600], chunks.Select(chunk => chunk.StartPts));
    }

    [Fact]
    public void Create_AnySeekPoints_PutsEveryFrameInExactlyOneChunk()
    {
        var gen = from timeline in Timelines.Any
                  from seconds in Gen.Double[0.001, 700]
                  from places in Gen.Int[0, timeline.Count - 1].Array[0, 20]
                  select (timeline, seconds, points: places.Distinct().Order().Select(i => timeline.Pts[i]).ToArray());
        gen.Sample(t =>
        {
            var chunks = ChunkPlan.Create(t.timeline, t.seconds, [.. t.points]);
            var frame = 0;
            for (var i = 0; i < chunks.Length; i++)
            {
                var chunk = chunks[i];
                Assert.Equal((i, frame), (chunk.Index, chunk.FirstFrame));
                Assert.True(chunk.FrameCount >= 1);
                Assert.True(i == 0 || chunks[i - 1].EndPts <= chunk.StartPts);
                for (; frame < chunk.FirstFrame + chunk.FrameCount; frame++)
                {
                    Assert.InRange(t.timeline.Pts[frame], chunk.StartPts, chunk.EndPts - 1);
                }
            }

            Assert.Equal(t.timeline.Count, frame);
        });
    }
}
