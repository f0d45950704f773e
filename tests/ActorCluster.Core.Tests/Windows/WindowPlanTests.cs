using ActorCluster.Core.Pipelines;
using ActorCluster.Core.Windows;
using CsCheck;

namespace ActorCluster.Core.Tests.Windows;

public class WindowPlanTests
{
    [Theory]
    [InlineData(1, 64, 32, new[] { 0 })]
    [InlineData(63, 64, 32, new[] { 0 })]
    [InlineData(64, 64, 32, new[] { 0 })]
    [InlineData(65, 64, 32, new[] { 0, 1 })]
    [InlineData(96, 64, 32, new[] { 0, 32 })]
    [InlineData(100, 64, 32, new[] { 0, 32, 36 })]
    [InlineData(3, 1, 1, new[] { 0, 1, 2 })]
    [InlineData(10, 4, 4, new[] { 0, 4, 6 })]
    public void Indexer_Examples_StartAtMultiplesAndEndWithTheVideo(int frames, int length, int stride, int[] starts)
    {
        var plan = new WindowPlan(frames, new WindowSettings(length, stride));
        Assert.Equal(starts, Enumerable.Range(0, plan.Count).Select(index => plan[index].Start));
        Assert.All(Enumerable.Range(0, plan.Count), index => Assert.Equal(Math.Min(length, frames), plan[index].Length));
    }

    [Theory]
    [InlineData(0, 64, 32)]
    [InlineData(10, 0, 1)]
    [InlineData(10, 4, 0)]
    [InlineData(10, 4, 5)]
    public void Constructor_OutOfRange_IsRefused(int frames, int length, int stride)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new WindowPlan(frames, new WindowSettings(length, stride)));
    }

    [Fact]
    public void Queries_BeyondTheVideo_AreRefused()
    {
        var plan = new WindowPlan(100, new WindowSettings(64, 32));
        Assert.Throws<ArgumentOutOfRangeException>(() => plan[-1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => plan[plan.Count]);
        Assert.Throws<ArgumentOutOfRangeException>(() => plan.FirstCovering(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => plan.LastCovering(100));
        Assert.Throws<ArgumentOutOfRangeException>(() => plan.WindowsWithin(5, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => plan.WindowsWithin(0, 101));
    }

    [Fact]
    public void Constructor_LongestVideo_DoesNotOverflow()
    {
        var plan = new WindowPlan(int.MaxValue, new WindowSettings(4096, 3));
        Assert.Equal(int.MaxValue, plan[plan.Count - 1].End);
        Assert.Equal(plan.Count - 1, plan.LastCovering(int.MaxValue - 1));
    }

    [Fact]
    public void Coverage_AnyPlan_AgreesWithASearchThroughAllWindows()
    {
        var gen =
            from length in Gen.Int[1, 40]
            from stride in Gen.Int[1, length]
            from frames in Gen.Int[1, 200]
            select (frames, length, stride);
        gen.Sample(t =>
        {
            var plan = new WindowPlan(t.frames, new WindowSettings(t.length, t.stride));
            FrameWindow[] windows = [.. Enumerable.Range(0, plan.Count).Select(index => plan[index])];
            Assert.Equal(windows.OrderBy(window => window.Start).DistinctBy(window => window.Start), windows);
            for (var frame = 0; frame < t.frames; frame++)
            {
                var covering = windows.Where(window => window.Start <= frame && frame < window.End).ToArray();
                Assert.Equal(covering[0].Index, plan.FirstCovering(frame));
                Assert.Equal(covering[^1].Index, plan.LastCovering(frame));
            }
        });
    }

    [Fact]
    public void WindowsWithin_AnyInterval_AgreesWithASearchThroughAllWindows()
    {
        var gen =
            from length in Gen.Int[1, 20]
            from stride in Gen.Int[1, length]
            from frames in Gen.Int[1, 100]
            from start in Gen.Int[0, frames]
            from end in Gen.Int[start, frames]
            select (frames, length, stride, start, end);
        gen.Sample(
            t =>
            {
                var plan = new WindowPlan(t.frames, new WindowSettings(t.length, t.stride));
                var expected = Enumerable.Range(0, plan.Count).Where(index => plan[index].Start >= t.start && plan[index].End <= t.end);
                var range = plan.WindowsWithin(t.start, t.end);
                Assert.Equal(expected, Enumerable.Range(range.First, range.Count));
            },
            iter: 2000);
    }
}
