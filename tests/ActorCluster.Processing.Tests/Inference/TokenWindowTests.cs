using ActorCluster.Processing.Inference;
using ActorCluster.Storage;

namespace ActorCluster.Processing.Tests.Inference;

public sealed class TokenWindowTests
{
    private const int PerSegment = 5;

    [Fact]
    public void TryMean_WindowsOverSegmentBorders_AreMeansOfTheirTokens()
    {
        var window = Window(tokens: 13);
        for (var first = 0; first < 13; first++)
        {
            for (var end = first + 1; end <= 15; end++)
            {
                var mean = new Half[1];
                Assert.True(Window(tokens: 13).TryMean(first, end, mean));
                var last = Math.Min(end, 13) - 1;
                Assert.Equal((Half)((first + last) / 2f), mean[0]);
            }
        }

        Assert.True(window.TryMean(0, 2, new Half[1]));
        Assert.True(window.TryMean(11, 13, new Half[1]));
    }

    [Fact]
    public void TryMean_BehindTheTrack_IsNothing()
    {
        Assert.False(Window(tokens: 13).TryMean(13, 20, new Half[1]));
        Assert.False(Window(tokens: 10).TryMean(10, 11, new Half[1]));
        Assert.False(Window(tokens: 0).TryMean(0, 11, new Half[1]));
    }

    [Fact]
    public void TryMean_SegmentOfAnotherPlace_IsRefused() => Assert.Throws<FeatureFileException>(
        () => new TokenWindow(_ => new AudioTokens(3, new Half[5], 1), 2, PerSegment, 1).TryMean(0, 1, new Half[1]));

    /// <summary>A track whose token k has the one feature k.</summary>
    private static TokenWindow Window(int tokens) => new(
        segment => new AudioTokens(
            segment * PerSegment, [.. Enumerable.Range(segment * PerSegment, Math.Min(PerSegment, tokens - (segment * PerSegment))).Select(k => (Half)k)], 1),
        (tokens + PerSegment - 1) / PerSegment,
        PerSegment,
        1);
}
