using System.Collections.Immutable;
using ActorCluster.Core.Labels;
using CsCheck;

namespace ActorCluster.Core.Tests.Labels;

public sealed class VideoFoldsTests
{
    private static readonly Gen<VideoClasses> Video = Gen.Select(
        Gen.Int[0, 40], Gen.OneOf<string>("", "_left", "_right", "_left_2"), Gen.Long[0, 5000].Array[8], (n, suffix, counts) => new VideoClasses($"v{n}{suffix}", [.. counts]));

    [Theory]
    [InlineData("video1", "video1")]
    [InlineData("video1_left", "video1")]
    [InlineData("video1_right", "video1")]
    [InlineData("my_left_foot", "my_left_foot")]
    [InlineData("my_left_foot_right", "my_left_foot")]
    [InlineData("a_left_right", "a_left")]
    [InlineData("_left", "_left")]
    [InlineData("a_LEFT", "a_LEFT")]
    public void BaseVideo_OfAnId_LosesOneTrailingSuffix(string id, string expected) => Assert.Equal(expected, BaseVideo.Of(id));

    [Fact]
    public void Divide_AnyVideos_PutsEachInOneFoldWithItsOtherPersons() =>
        Gen.Select(Video.Array[12, 80], Gen.Int[2, 4]).Sample((drawn, count) =>
        {
            var videos = drawn.DistinctBy(v => v.Id).ToList();
            if (videos.Select(v => BaseVideo.Of(v.Id)).Distinct().Count() < count)
            {
                return;
            }

            var folds = VideoFolds.Divide(videos, count).Folds;

            Assert.Equal(count, folds.Length);
            Assert.All(folds, f => Assert.NotEmpty(f));
            Assert.Equal(videos.Select(v => v.Id).Order(StringComparer.Ordinal), folds.SelectMany(f => f).Order(StringComparer.Ordinal));
            var ofBase = folds.SelectMany((ids, f) => ids.Select(id => (Base: BaseVideo.Of(id), Fold: f))).Distinct();
            Assert.All(ofBase.GroupBy(b => b.Base), g => Assert.Single(g));
        }, iter: 200);

    [Fact]
    public void Divide_SameVideosInAnyOrder_GivesTheSameFolds() =>
        Gen.Select(Video.Array[20, 40], Gen.Int).Sample((drawn, seed) =>
        {
            var videos = drawn.DistinctBy(v => v.Id).ToArray();
            var shuffled = videos.ToArray();
            new Random(seed).Shuffle(shuffled);

            if (videos.Select(v => BaseVideo.Of(v.Id)).Distinct().Count() >= 3)
            {
                Assert.Equal(Text(VideoFolds.Divide(videos, 3)), Text(VideoFolds.Divide(shuffled, 3)));
            }
        }, iter: 50);

    /// <summary>As many videos as the challenge's training set, lengths and classes as uneven: a video shows two or three classes, rare ones in few videos.</summary>
    [Fact]
    public void Divide_VideosLikeTheChallenges_GivesEveryFoldItsShareOfEveryClass()
    {
        var random = new Random(5);
        double[] shares = [0.303, 0.028, 0.018, 0.016, 0.163, 0.135, 0.054, 0.283];
        var videos = Enumerable.Range(0, 250).Select(v =>
        {
            var counts = new long[8];
            var length = (long)(300 * Math.Exp(2.5 * random.NextDouble()));
            foreach (var c in Enumerable.Range(0, 8).Where(c => random.NextDouble() < (3 * shares[c]) + 0.05))
            {
                counts[c] = (long)(length * random.NextDouble());
            }

            return new VideoClasses($"v{v}", [.. counts]);
        }).ToList();

        var folds = VideoFolds.Divide(videos, 5).Folds;

        for (var c = 0; c < 8; c++)
        {
            var total = videos.Sum(v => v.Counts[c]);
            Assert.All(folds, f => Assert.InRange((double)videos.Where(v => f.Contains(v.Id)).Sum(v => v.Counts[c]) / total, 0.19, 0.21));
        }

        Assert.All(folds, f => Assert.InRange(f.Length, 48, 52));
    }

    [Fact]
    public void Divide_TooFewOrDoubleVideos_IsRefused()
    {
        var counts = ImmutableArray.Create(1L, 0, 0, 0, 0, 0, 0, 0);

        Assert.Throws<ArgumentException>(() => VideoFolds.Divide([new("a_left", counts), new("a_right", counts)], 2));
        Assert.Throws<ArgumentException>(() => VideoFolds.Divide([new("a", counts), new("a", counts), new("b", counts)], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => VideoFolds.Divide([new("a", counts)], 1));
    }

    [Fact]
    public void Split_OfAFold_ValidatesOnItAndTrainsOnTheRest()
    {
        var counts = ImmutableArray.Create(1L, 0, 0, 0, 0, 0, 0, 0);
        var folds = VideoFolds.Divide(Enumerable.Range(0, 9).Select(v => new VideoClasses($"v{v}", counts)), 3);

        var split = folds.Split(1);

        Assert.Equal(folds.Folds[1], split.Of(DatasetSplit.Validation));
        Assert.Equal(6, split.Of(DatasetSplit.Train).Length);
        Assert.Equal(3, folds.Folds[1].Length);
    }

    [Fact]
    public void VideoClasses_OfLabels_CountsLabelledFrames() => Assert.Equal([1, 0, 0, 0, 2, 0, 0, 0], VideoClasses.Of("a", [-1, 4, 0, 4, -1]).Counts);

    private static string Text(VideoFolds folds) => string.Join('|', folds.Folds.Select(f => string.Join(',', f)));
}
