using CsCheck;

namespace ActorCluster.Core.Tests;

public class ChunkPlanTests
{
    [Fact]
    public void Create_ConstantRate_CutsOnTheGrid()
    {
        var chunks = ChunkPlan.Create(Timelines.Constant(650, 30), 10);
        Assert.Equal([new Chunk(0, 0, 300, 0, 300), new Chunk(1, 300, 300, 300, 600), new Chunk(2, 600, 50, 600, 900)], chunks.ToArray());
    }

    [Fact]
    public void Create_GapOfSeveralChunks_SkipsEmptyIntervalsButKeepsTheGrid()
    {
        var chunks = ChunkPlan.Create(new FrameTimeline(new Rational(1, 10), [-7, -1, 2, 3, 59, 62, 63]), 1);
        Assert.Equal([new Chunk(0, 0, 3, -7, 3), new Chunk(1, 3, 1, 3, 13), new Chunk(2, 4, 2, 53, 63), new Chunk(3, 6, 1, 63, 73)], chunks.ToArray());
    }

    [Fact]
    public void Create_ChunkShorterThanATick_GivesAChunkPerTick()
    {
        var chunks = ChunkPlan.Create(new FrameTimeline(new Rational(5, 1), [0, 1, 4]), 1);
        Assert.Equal([0, 1, 4], chunks.Select(chunk => chunk.StartPts));
        Assert.All(chunks, chunk => Assert.Equal(chunk.StartPts + 1, chunk.EndPts));
    }

    [Fact]
    public void Create_TimestampsAtTheLimits_DoNotOverflow()
    {
        var timeline = new FrameTimeline(new Rational(1, 1_000_000_000), [-FrameTimeline.LargestPts, FrameTimeline.LargestPts]);
        Assert.Equal([0, 1], ChunkPlan.Create(timeline, 600).Select(chunk => chunk.FirstFrame));
        Assert.Single(ChunkPlan.Create(timeline, 4e9));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Create_LengthNotPositive_IsRefused(double seconds)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ChunkPlan.Create(Timelines.Constant(3, 30), seconds));
    }

    [Fact]
    public void Create_AnyTimeline_PutsEveryFrameInExactlyOneChunkOnTheGrid()
    {
        Gen.Select(Timelines.Any, Gen.Double[0.001, 700]).Sample((timeline, seconds) =>
        {
            var chunks = ChunkPlan.Create(timeline, seconds);
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
}
