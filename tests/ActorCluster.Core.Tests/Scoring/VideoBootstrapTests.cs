using ActorCluster.Core.Scoring;
using CsCheck;

namespace ActorCluster.Core.Tests.Scoring;

public sealed class VideoBootstrapTests
{
    private static readonly Gen<ConfusionMatrix> Video =
        Gen.Select(Gen.SByte[0, 7], Gen.SByte[0, 7]).Array[1, 50].Select(f => ConfusionMatrix.Of(f.Select(x => x.Item1).ToArray(), f.Select(x => x.Item2).ToArray()));

    [Fact]
    public void Scores_OneVideo_HasNoWidth()
    {
        var video = ConfusionMatrix.Of([0, 1, 2, 2], [0, 1, 2, 3]);

        var result = VideoBootstrap.Scores([video], resamples: 50);

        Assert.Equal((0.75, 0.75, 0.75), (result.Accuracy.Estimate, result.Accuracy.Low, result.Accuracy.High));
        Assert.Equal(result.MacroF1.Estimate, result.MacroF1.Low, 1e-15);
    }

    [Fact]
    public void Scores_AnyVideos_EstimateIsThePooledScoreAndBoundsAreOrdered() =>
        Gen.Select(Video.Array[1, 8], Gen.ULong).Sample((videos, seed) =>
        {
            var result = VideoBootstrap.Scores(videos, seed, resamples: 40);

            Assert.Equal(ExpressionScore.Of(ConfusionMatrix.Sum(videos)).MacroF1, result.MacroF1.Estimate);
            Assert.InRange(result.MacroF1.Low, 0, result.MacroF1.High);
            Assert.InRange(result.MacroF1.High, 0, 1);
            Assert.Equal(result.MacroF1, VideoBootstrap.Scores(videos, seed, resamples: 40).MacroF1);
        }, iter: 50);

    /// <summary>With videos that are all right or all wrong, accuracy is a mean of n draws: its bounds are the binomial's quantiles.</summary>
    [Fact]
    public void Scores_VideosRightOrWrong_BoundsAreThoseOfTheBinomial()
    {
        var videos = Enumerable.Range(0, 100).Select(v => ConfusionMatrix.Of([0], [(sbyte)(v < 30 ? 0 : 1)])).ToList();

        var result = VideoBootstrap.Scores(videos, seed: 1, resamples: 20_000);

        // Binomial(100, 0.3): 2.5 % and 97.5 % quantiles are 21 and 39.
        Assert.Equal(0.30, result.Accuracy.Estimate);
        Assert.Equal(0.21, result.Accuracy.Low, 0.011);
        Assert.Equal(0.39, result.Accuracy.High, 0.011);
    }

    [Fact]
    public void Difference_OfASystemAndItself_IsZero()
    {
        var videos = Enumerable.Range(0, 8).Select(v => ConfusionMatrix.Of([(sbyte)v], [(sbyte)(v / 2)])).ToList();

        var result = VideoBootstrap.Difference(videos, videos, resamples: 100);

        Assert.Equal((0, 0, 0), (result.MacroF1.Estimate, result.MacroF1.Low, result.MacroF1.High));
    }

    [Fact]
    public void Difference_BetterInEveryVideo_ExcludesZeroAlthoughTheScoresOverlap()
    {
        // Videos differ much more from each other than the two systems do in any of them.
        var labels = Enumerable.Repeat((sbyte)0, 100).ToArray();
        var first = Enumerable.Range(0, 20).Select(v => ConfusionMatrix.Of(labels, Right(5 * v))).ToList();
        var second = Enumerable.Range(0, 20).Select(v => ConfusionMatrix.Of(labels, Right((5 * v) + 2))).ToList();

        var difference = VideoBootstrap.Difference(first, second);

        Assert.Equal(0.02, difference.Accuracy.Estimate, 1e-12);
        Assert.Equal(0.02, difference.Accuracy.Low, 1e-12);
        Assert.True(VideoBootstrap.Scores(first).Accuracy.High > VideoBootstrap.Scores(second).Accuracy.Low);
        Assert.Equal(-difference.MacroF1.High, VideoBootstrap.Difference(second, first).MacroF1.Low, 1e-12);

        static sbyte[] Right(int frames) => [.. Enumerable.Range(0, 100).Select(i => (sbyte)(i < frames ? 0 : 1))];
    }

    [Fact]
    public void Difference_OfDifferentLabels_IsRefused()
    {
        ConfusionMatrix[] first = [ConfusionMatrix.Of([0], [0])], second = [ConfusionMatrix.Of([1], [0])];

        Assert.Contains("video 1", Assert.Throws<ArgumentException>(() => VideoBootstrap.Difference(first, second)).Message);
        Assert.Throws<ArgumentException>(() => VideoBootstrap.Difference(first, []));
    }

    [Theory]
    [InlineData(0.0, 1)]
    [InlineData(0.5, 2.5)]
    [InlineData(0.1, 1.3)]
    [InlineData(1.0, 4)]
    public void Quantile_OfFourValues_IsNumpys(double share, double expected) => Assert.Equal(expected, VideoBootstrap.Quantile([1, 2, 3, 4], share), 1e-12);

    [Fact]
    public void Scores_NoVideos_AreRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => VideoBootstrap.Scores([]));

    /// <summary>The reference implementation's first outputs for the seed 1234567.</summary>
    [Fact]
    public void SplitMix64_KnownSeed_GivesTheReferenceNumbers()
    {
        var random = new SplitMix64(1234567);

        Assert.Equal([6457827717110365317, 3203168211198807973, 9817491932198370423], new[] { random.Next(), random.Next(), random.Next() });
    }
}
