using ActorCluster.Core.Scoring;
using CsCheck;

namespace ActorCluster.Core.Tests.Scoring;

public sealed class ExpressionScoreTests
{
    private const double Tolerance = 1e-12;

    [Theory]
    [InlineData("main")]
    [InlineData("all-present")]
    [InlineData("single-class")]
    [InlineData("tiny")]
    public void Of_Golden_AgreesWithScikitLearn(string name)
    {
        var golden = MetricGoldens.Read(name);

        var score = ExpressionScore.Of(ConfusionMatrix.Of(golden.Labels, golden.Predictions));

        Assert.Equal(golden.Labels.Count(l => l >= 0), score.Frames);
        Assert.Equal(golden.Accuracy, score.Accuracy, Tolerance);
        Assert.Equal(golden.MacroF1, score.MacroF1, Tolerance);
        Assert.Equal(golden.Confusion.SelectMany(row => row), score.Confusion.Counts);
        for (var c = 0; c < Expressions.Count; c++)
        {
            Assert.Equal(golden.Precision[c], score.PerClass[c].Precision, Tolerance);
            Assert.Equal(golden.Recall[c], score.PerClass[c].Recall, Tolerance);
            Assert.Equal(golden.F1[c], score.PerClass[c].F1, Tolerance);
            Assert.Equal(golden.Support[c], score.PerClass[c].Support);
        }
    }

    [Fact]
    public void Of_NoFrames_IsZeroThroughout()
    {
        var score = ExpressionScore.Of(ConfusionMatrix.Sum([]));

        Assert.Equal((0, 0, 0), (score.Frames, score.Accuracy, score.MacroF1));
    }

    [Fact]
    public void Of_TrivialBaseline_IsTheFigureOfTheValidationSet()
    {
        // Class counts of Aff-Wild2's validation set with crops (6th ABAW annotations).
        long[] support = [82_258, 6_126, 5_296, 8_408, 34_511, 25_157, 12_332, 106_444];
        var perfect = new ConfusionMatrix([.. Enumerable.Range(0, 64).Select(i => i / 8 == i % 8 ? support[i / 8] : 0)]);

        var score = ExpressionScore.Of(perfect.AlwaysPredicting(perfect.MostFrequentLabel));

        Assert.Equal(Expression.Other, perfect.MostFrequentLabel);
        Assert.Equal(0.0688, score.MacroF1, 4);
        Assert.Equal(0.3794, score.Accuracy, 4);
    }

    [Fact]
    public void Sum_OfParts_IsTheMatrixOfTheWhole() =>
        Gen.Select(Gen.SByte[-1, 7], Gen.SByte[0, 7]).Array[1, 200].SelectMany(frames => Gen.Int[0, frames.Length].Select(cut => (frames, cut))).Sample(t =>
        {
            var (labels, predictions) = (t.frames.Select(f => f.Item1).ToArray(), t.frames.Select(f => f.Item2).ToArray());

            var whole = ConfusionMatrix.Of(labels, predictions);
            var parts = ConfusionMatrix.Sum([ConfusionMatrix.Of(labels.AsSpan(0, t.cut), predictions.AsSpan(0, t.cut)), ConfusionMatrix.Of(labels.AsSpan(t.cut), predictions.AsSpan(t.cut))]);

            Assert.Equal(whole.Counts, parts.Counts);
            Assert.Equal(labels.Count(l => l >= 0), whole.Frames);
        });

    [Theory]
    [InlineData(8, 0)]
    [InlineData(0, 8)]
    [InlineData(0, -1)]
    [InlineData(-2, 0)]
    public void Of_ValueOutOfRange_IsRefused(sbyte label, sbyte prediction) =>
        Assert.Throws<ArgumentException>(() => ConfusionMatrix.Of([0, label], [0, prediction]));

    [Fact]
    public void Of_DifferentLengths_AreRefused() => Assert.Throws<ArgumentException>(() => ConfusionMatrix.Of([0, 1], [0]));
}
