using ActorCluster.Core;
using CsCheck;

namespace ActorCluster.Models.Tests;

public sealed class LogitHeadTests
{
    [Fact]
    public void ToProbabilities_EqualLogits_SharesEquallyAndOtherIsZero()
    {
        var probabilities = Apply([1, 1, 1, 1, 1, 1, 1], 2);
        Assert.All(FaceExpressionNet.Classes, expression => Assert.Equal((Half)(1 / 7.0), probabilities[(int)expression]));
        Assert.Equal((Half)0, probabilities[(int)Expression.Other]);
    }

    [Theory]
    [InlineData(0, Expression.Neutral)]
    [InlineData(1, Expression.Happiness)]
    [InlineData(2, Expression.Sadness)]
    [InlineData(3, Expression.Anger)]
    [InlineData(4, Expression.Fear)]
    [InlineData(5, Expression.Disgust)]
    [InlineData(6, Expression.Surprise)]
    public void ToProbabilities_OneHighLogit_GoesToItsClass(int logit, Expression expression)
    {
        var logits = new float[FaceExpressionNet.LogitWidth];
        logits[logit] = 40;
        Assert.Equal((Half)1, Apply(logits, 1)[(int)expression]);
    }

    [Fact]
    public void ToProbabilities_Temperature_DividesTheLogits()
    {
        float[] logits = [3, 1, 0, -1, -2, -3, 2];
        var warm = Apply([.. logits.Select(logit => 2.5f * logit)], 2.5);
        Assert.Equal(Apply(logits, 1), warm);
        Assert.True(Apply(logits, 4)[0] < warm[0]);

        // exp(3) / (exp(3) + exp(1) + exp(0) + exp(-1) + exp(-2) + exp(-3) + exp(2)), by hand.
        Assert.Equal(20.085537 / 31.745906, (double)warm[0], 5e-4);
    }

    [Fact]
    public void ToProbabilities_AnyLogits_SumToOneWithinHalfPrecision() =>
        Gen.Select(Gen.Float[-1000, 1000].Array[FaceExpressionNet.LogitWidth], Gen.Double[0.05, 20]).Sample((logits, temperature) =>
        {
            var probabilities = Apply(logits, temperature);
            Assert.All(probabilities, p => Assert.InRange((double)p, 0, 1));
            Assert.Equal(1, probabilities.Sum(p => (double)p), 2e-3);
            var highest = FaceExpressionNet.Classes[Array.IndexOf(logits, logits.Max())];
            Assert.Equal(probabilities.Max(), probabilities[(int)highest]);
        });

    [Fact]
    public void ToProbabilities_BadArguments_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => Apply([1, 2, 3], 1));
        Assert.Throws<ArgumentException>(() => Apply([1, 2, float.NaN, 0, 0, 0, 0], 1));
        Assert.Throws<ArgumentException>(() => Apply([1, 2, float.PositiveInfinity, 0, 0, 0, 0], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Apply(new float[7], 0));
        Assert.Throws<ArgumentException>(() => LogitHead.ToProbabilities(new float[7], FaceExpressionNet.Classes.AsSpan(), 1, new Half[7]));
    }

    private static Half[] Apply(float[] logits, double temperature)
    {
        var probabilities = new Half[Expressions.Count];
        LogitHead.ToProbabilities(logits, FaceExpressionNet.Classes.AsSpan(), temperature, probabilities);
        return probabilities;
    }
}
