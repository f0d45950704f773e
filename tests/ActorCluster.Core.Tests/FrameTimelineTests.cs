namespace ActorCluster.Core.Tests;

public class FrameTimelineTests
{
    [Fact]
    public void Constructor_WrongTimestamps_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new FrameTimeline(new Rational(1, 30), []));
        Assert.Throws<ArgumentException>(() => new FrameTimeline(new Rational(1, 30), default));
        Assert.Throws<ArgumentException>(() => new FrameTimeline(new Rational(1, 30), [0, 1, 1]));
        Assert.Throws<ArgumentException>(() => new FrameTimeline(new Rational(1, 30), [3, 2]));
        Assert.Throws<ArgumentException>(() => new FrameTimeline(new Rational(0, 30), [0]));
        Assert.Throws<ArgumentException>(() => new FrameTimeline(new Rational(1, -30), [0]));
        Assert.Throws<ArgumentException>(() => new FrameTimeline(new Rational(1, 30), [long.MinValue, 0]));
        Assert.Throws<ArgumentException>(() => new FrameTimeline(new Rational(1, 30), [0, long.MaxValue]));
    }

    [Fact]
    public void FirstAtOrAfter_AnyTimestamp_FindsTheFrame()
    {
        var timeline = new FrameTimeline(new Rational(1, 1000), [-5, 0, 33, 67]);
        Assert.Equal(0, timeline.FirstAtOrAfter(-6));
        Assert.Equal(0, timeline.FirstAtOrAfter(-5));
        Assert.Equal(1, timeline.FirstAtOrAfter(-4));
        Assert.Equal(3, timeline.FirstAtOrAfter(34));
        Assert.Equal(4, timeline.FirstAtOrAfter(68));
    }

    [Fact]
    public void DurationSeconds_SeveralFrames_LastsToTheEndOfTheLast()
    {
        Assert.Equal(10.0, Timelines.Constant(300, 30).DurationSeconds);
    }
}
