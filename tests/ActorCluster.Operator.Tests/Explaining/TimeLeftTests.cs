using System.Collections.Immutable;
using ActorCluster.Operator.Explaining;
using ActorCluster.Processing.Runs;

namespace ActorCluster.Operator.Tests.Explaining;

public sealed class TimeLeftTests
{
    [Fact]
    public void Of_SteadyPaceAndKnownVideos_IsExact()
    {
        var left = TimeLeft.Of(Pace([5, 5, 5, 5], left: 600, error: 0))!;
        Assert.Equal((120, 120, 120, 5), (left.Seconds, left.Least, left.Most, left.Rate));
    }

    [Fact]
    public void Of_UnsteadyPace_WidensTheRange()
    {
        var (steady, unsteady) = (TimeLeft.Of(Pace([5, 6, 4, 5], 600, 0))!, TimeLeft.Of(Pace([1, 9, 2, 8], 600, 0))!);
        Assert.Equal(120, steady.Seconds);
        Assert.InRange(steady.Least, 95, 119);
        Assert.True(unsteady.Least < steady.Least && unsteady.Most > steady.Most);
    }

    [Fact]
    public void Of_TruePaceIsHidden_HoldsItWithinTheRangeNineteenTimesOfTwenty()
    {
        var random = new Random(1);
        var hits = Enumerable.Range(0, 1_000).Count(_ =>
        {
            ImmutableArray<double> rates = [.. Enumerable.Range(0, 20).Select(_ => 10 * (0.4 + (1.2 * random.NextDouble())))];
            var left = TimeLeft.Of(Pace(rates, 1_000, 0))!;
            return left.Least <= 100 && left.Most >= 100;
        });
        Assert.InRange(hits, 900, 990);
    }

    [Theory]
    [InlineData(2, 10.0, "Too early to tell")]
    [InlineData(5, 0.0, "nothing was done in the last 50 s")]
    public void Words_NothingToGoBy_SaysSo(int blocks, double rate, string says) =>
        Assert.Contains(says, TimeLeft.Words(Pace([.. Enumerable.Repeat(rate, blocks)], 600, 0)), StringComparison.Ordinal);

    [Fact]
    public void Words_NoDurationKnown_SaysSo() => Assert.Contains("no video's duration is known yet", TimeLeft.Words(Pace([1, 1, 1], 0, 0) with { KnownVideos = 0 }), StringComparison.Ordinal);

    [Fact]
    public void Words_LeftIsAGuess_SaysSo() => Assert.Contains("changes too much", TimeLeft.Words(Pace([1, 1, 1], 600, 2_000)), StringComparison.Ordinal);

    private static RunPace Pace(ImmutableArray<double> rates, double left, double error) => new("spring", 10, rates, 3, left, error, [], []);
}
