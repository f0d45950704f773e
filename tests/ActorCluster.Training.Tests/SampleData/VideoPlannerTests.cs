using ActorCluster.Core;
using ActorCluster.Core.Labels;
using ActorCluster.Training.SampleData;
using CsCheck;

namespace ActorCluster.Training.Tests.SampleData;

public sealed class VideoPlannerTests
{
    private const int Videos = 60;
    private const long Iterations = 20;

    [Fact]
    public void Plan_SixtyVideosOfAnySeed_EverySplitHasEveryClass() => Gen.ULong.Sample(
        seed =>
        {
            var frames = SampleSet.Summarise(VideoPlanner.Plan(seed, Videos), 0).ClassFrames;
            Assert.All(frames, ofClass => Assert.All(ofClass, count => Assert.True(count > 0)));
        },
        iter: Iterations);

    [Fact]
    public void Plan_SixtyVideosOfAnySeed_SharesAreAffWild2s() => Gen.ULong.Sample(
        seed =>
        {
            var frames = SampleSet.Summarise(VideoPlanner.Plan(seed, Videos), 0).ClassFrames;
            double labelled = frames.Sum(c => c.Sum());
            for (var c = 0; c < Expressions.Count; c++)
            {
                Assert.InRange(frames[c].Sum() / labelled, ExpressionCues.Shares[c] - 0.02, ExpressionCues.Shares[c] + 0.02);
            }
        },
        iter: Iterations);

    [Fact]
    public void Plan_SixtyVideosOfAnySeed_SomeFramesHaveNoFaceAndSomeNoLabel() => Gen.ULong.Sample(
        seed =>
        {
            var summary = SampleSet.Summarise(VideoPlanner.Plan(seed, Videos), 0);
            Assert.InRange((double)summary.FramesWithoutFace / summary.Frames, 0.025, 0.1);
            Assert.InRange((double)summary.SkippedFrames / summary.Frames, 0.004, 0.025);
        },
        iter: Iterations);

    [Fact]
    public void Plan_AnySeed_NoSpeakerIsInTwoSplits() => Gen.ULong.Sample(
        seed => Assert.All(VideoPlanner.Plan(seed, Videos).GroupBy(p => p.Speaker), videos => Assert.Single(videos.Select(p => p.Split).Distinct())),
        iter: Iterations);

    [Fact]
    public void Plan_LargerSet_BeginsWithTheSmallerOne()
    {
        var (small, large) = (VideoPlanner.Plan(5, 7), VideoPlanner.Plan(5, 25));
        Assert.All(small.Zip(large), pair =>
        {
            Assert.Equal((pair.First.Id, pair.First.Split, pair.First.FrameCount), (pair.Second.Id, pair.Second.Split, pair.Second.FrameCount));
            Assert.True(pair.First.Episodes.SequenceEqual(pair.Second.Episodes));
            Assert.True(pair.First.Syllables.SequenceEqual(pair.Second.Syllables));
            Assert.True(pair.First.Absences.SequenceEqual(pair.Second.Absences));
        });
    }

    [Fact]
    public void Plan_AnySeed_EpisodesFollowEachOtherAndChangeTheClass() => Gen.ULong.Sample(
        seed => Assert.All(VideoPlanner.Plan(seed, 10), plan =>
        {
            Assert.Equal(0, plan.Episodes[0].Start);
            Assert.InRange(plan.Seconds, 9.9, 14.1);
            foreach (var (before, after) in plan.Episodes.Zip(plan.Episodes.Skip(1)))
            {
                Assert.True(after.Start - before.Start >= ExpressionCues.ShortestEpisode - 1e-9);
                Assert.NotEqual(before.Expression, after.Expression);
                Assert.InRange(after.RampSeconds, 0.2, 0.6);
            }
        }),
        iter: Iterations);

    [Fact]
    public void Plan_AnySeed_AbsencesAndSyllablesAreApart() => Gen.ULong.Sample(
        seed => Assert.All(VideoPlanner.Plan(seed, 10), plan =>
        {
            Assert.All(plan.Absences.Zip(plan.Absences.Skip(1)), pair => Assert.True(pair.First.End < pair.Second.Start));
            Assert.All(plan.Syllables.Zip(plan.Syllables.Skip(1)), pair => Assert.True(pair.First.End < pair.Second.Start));
            Assert.True(plan.Syllables[^1].End <= plan.Seconds + 1e-9);
        }),
        iter: Iterations);

    [Fact]
    public void Cues_OfTwoExpressions_DifferInLookOrSound() =>
        Assert.Equal(Expressions.Count, Enumerable.Range(0, Expressions.Count).Select(c => (ExpressionCues.Looks[c], ExpressionCues.Sounds[c])).Distinct().Count());

    [Fact]
    public void Plan_SplitsOfTenVideos_AreSixTwoTwo() => Assert.Equal(
        [(DatasetSplit.Train, 6), (DatasetSplit.Validation, 2), (DatasetSplit.Test, 2)],
        VideoPlanner.Plan(1, 10).GroupBy(p => p.Split).Select(g => (g.Key, g.Count())).Order());
}
