using System.Collections.Immutable;
using ActorCluster.Core.Pipelines;
using ActorCluster.Core.Voting;
using CsCheck;

namespace ActorCluster.Core.Tests.Voting;

public class PostProcessingTests
{
    private static readonly double[] Prior = [0.42, 0.04, 0.025, 0.022, 0.228, 0.189, 0.076, 0];

    [Fact]
    public void Predict_FramesBetweenVotes_AreInterpolatedInTime()
    {
        // 0.75 of the way in time, though half of the way in frames.
        var timeline = new FrameTimeline(new Rational(1, 1000), [0, 750, 1000]);
        var predictions = Predict([OneHot(1), null, OneHot(4)], timeline, new VotingSettings(MedianOver.Probabilities, 1, 1));
        Assert.Equal(0.25, predictions.Probability(1, Expression.Anger));
        Assert.Equal(0.75, predictions.Probability(1, Expression.Happiness));
        Assert.Equal(Expression.Happiness, predictions.Labels[1]);
        Assert.Equal([FrameFlags.Voted, FrameFlags.Imputed, FrameFlags.Voted], predictions.Flags);
        Assert.Equal([0, 0.75, 1], predictions.PtsSeconds);
    }

    [Fact]
    public void Predict_OnlyOneNeighbourInReach_HoldsIt()
    {
        var timeline = new FrameTimeline(new Rational(1, 1), [0, 1, 2, 10, 11, 12]);
        var predictions = Predict([null, OneHot(2), null, null, OneHot(5), null], timeline, new VotingSettings(MedianOver.Probabilities, 1, 1));
        Assert.Equal([2, 2, 2, 5, 5, 5], predictions.Labels.Select(label => (int)label));
        Assert.Equal(1, predictions.Probability(3, Expression.Sadness));
    }

    [Fact]
    public void Predict_NoNeighbourInReach_TakesThePrior()
    {
        var timeline = new FrameTimeline(new Rational(1, 10), [0, 10, 11, 21]);
        var predictions = Predict([OneHot(2), null, null, null], timeline, new VotingSettings(MedianOver.Probabilities, 1, 1));
        // 1.0 s away is within 1 s; 1.1 s is not.
        Assert.Equal([2, 2, 0, 0], predictions.Labels.Select(label => (int)label));
        Assert.Equal(Prior, predictions.Probabilities.Skip(16).Take(8));
    }

    [Fact]
    public void Predict_NoVoteAtAll_IsAllPriorAndImputed()
    {
        var predictions = Predict([null, null, null], Timelines.Constant(3, 30), new VotingSettings(MedianOver.Labels, 5, 10));
        Assert.All(predictions.Labels, label => Assert.Equal(Expression.Neutral, label));
        Assert.All(predictions.Flags, flags => Assert.Equal(FrameFlags.Imputed, flags));
        Assert.Equal([.. Prior, .. Prior, .. Prior], predictions.Probabilities);
    }

    [Fact]
    public void Predict_ImputedFrames_DoNotVoteInTheMedian()
    {
        // With the gap's imputed frames counted, the 3 in the middle would be outvoted.
        Half[]?[] rows = [OneHot(3), OneHot(3), null, null, null, null, OneHot(6)];
        foreach (var over in new[] { MedianOver.Probabilities, MedianOver.Labels })
        {
            var predictions = Predict(rows, Timelines.Constant(7, 30), new VotingSettings(over, 13, 0));
            Assert.Equal([3, 3, 0, 0, 0, 0, 3], predictions.Labels.Select(label => (int)label));
        }
    }

    [Fact]
    public void Predict_OverLabels_LeavesProbabilitiesUnfiltered()
    {
        Half[]?[] rows = [OneHot(3), OneHot(6), OneHot(3)];
        var predictions = Predict(rows, Timelines.Constant(3, 30), new VotingSettings(MedianOver.Labels, 3, 0));
        Assert.Equal([3, 3, 3], predictions.Labels.Select(label => (int)label));
        Assert.Equal(1, predictions.Probability(1, Expression.Surprise));
    }

    [Fact]
    public void Predict_AudioPresence_BecomesAFlagBesideTheFramesFacts()
    {
        var decided = new FramesDecided(0, [.. OneHot(0), .. new Half[8]], [FrameFlags.Voted | FrameFlags.FacePresent | FrameFlags.Decoded, FrameFlags.Decoded]);
        var predictions = PostProcessing.Predict(decided, Timelines.Constant(2, 30), new VotingSettings(MedianOver.Probabilities, 3, 1), Prior, [false, true]);
        Assert.Equal(
            [FrameFlags.Voted | FrameFlags.FacePresent | FrameFlags.Decoded, FrameFlags.Decoded | FrameFlags.AudioPresent | FrameFlags.Imputed],
            predictions.Flags);
    }

    [Fact]
    public void Predict_LengthsThatDoNotAgree_AreRefused()
    {
        var settings = new VotingSettings(MedianOver.Probabilities, 3, 1);
        var decided = new FramesDecided(0, [.. OneHot(0)], [FrameFlags.Voted]);
        Assert.Throws<ArgumentException>(() => PostProcessing.Predict(decided, Timelines.Constant(2, 30), settings, Prior, [true, true]));
        Assert.Throws<ArgumentException>(() => PostProcessing.Predict(decided, Timelines.Constant(1, 30), settings, Prior, []));
        Assert.Throws<ArgumentException>(() => PostProcessing.Predict(decided, Timelines.Constant(1, 30), settings, Prior.AsSpan(1), [true]));
        Assert.Throws<ArgumentException>(() => PostProcessing.Predict(decided with { FirstFrame = 1 }, Timelines.Constant(1, 30), settings, Prior, [true]));
    }

    [Fact]
    public void Predict_AnyVideo_HasARowPerFrameThatSumsToOneWithALabelThatFits()
    {
        var gen =
            from timeline in Timelines.Any
            from seed in Gen.Int
            from radius in Gen.Int[0, 30]
            from over in Gen.Enum<MedianOver>()
            from within in Gen.Double[0, 3]
            select (timeline, seed, voting: new VotingSettings(over, (2 * radius) + 1, within));
        gen.Sample(t =>
        {
            var random = new Random(t.seed);
            var share = random.NextDouble();
            Half[]?[] rows = [.. Enumerable.Range(0, t.timeline.Count).Select(_ => random.NextDouble() < share ? RandomRow(random) : null)];
            var predictions = Predict(rows, t.timeline, t.voting);
            Assert.Equal(t.timeline.Count, predictions.Count);
            for (var i = 0; i < predictions.Count; i++)
            {
                var row = predictions.Probabilities.Skip(i * 8).Take(8).ToArray();
                int[] units = [.. row.Select(p => (int)Math.Round(p * 1e6))];
                Assert.Equal(units.Select(u => u / 1e6), row);
                Assert.Equal(1_000_000, units.Sum());
                Assert.Equal(rows[i] is null, predictions.Flags[i].HasFlag(FrameFlags.Imputed));
                Assert.Equal(rows[i] is not null, predictions.Flags[i].HasFlag(FrameFlags.Voted));
                if (t.voting.MedianOver == MedianOver.Probabilities || rows[i] is null)
                {
                    Assert.Equal(Array.IndexOf(units, units.Max()), (int)predictions.Labels[i]);
                }
            }
        });
    }

    private static FramePredictions Predict(Half[]?[] rows, FrameTimeline timeline, VotingSettings voting)
    {
        ImmutableArray<Half> probabilities = [.. rows.SelectMany(row => row ?? new Half[8])];
        ImmutableArray<FrameFlags> flags = [.. rows.Select(row => row is null ? FrameFlags.None : FrameFlags.Voted)];
        return PostProcessing.Predict(new FramesDecided(0, probabilities, flags), timeline, voting, Prior, new bool[rows.Length]);
    }

    private static Half[] OneHot(int k) => [.. Enumerable.Range(0, 8).Select(i => i == k ? Half.One : Half.Zero)];

    private static Half[] RandomRow(Random random)
    {
        var weights = Enumerable.Range(0, 8).Select(_ => Math.Pow(random.NextDouble(), 4)).ToArray();
        return [.. weights.Select(w => (Half)(w / weights.Sum()))];
    }
}
