using ActorCluster.Core.Voting;
using CsCheck;

namespace ActorCluster.Core.Tests.Voting;

public class QuantisationTests
{
    [Theory]
    [InlineData(new double[] { 1, 1, 1, 1, 1, 1, 1, 1 }, new[] { 125000, 125000, 125000, 125000, 125000, 125000, 125000, 125000 }, 0)]
    [InlineData(new double[] { 1, 1, 1, 0, 0, 0, 0, 0 }, new[] { 333334, 333333, 333333, 0, 0, 0, 0, 0 }, 0)]
    [InlineData(new double[] { 0, 0, 0, 2, 0, 0, 0, 4 }, new[] { 0, 0, 0, 333333, 0, 0, 0, 666667 }, 7)]
    [InlineData(new[] { 0.4999999, 0.5000001, 0, 0, 0, 0, 0, 0 }, new[] { 499999, 500001, 0, 0, 0, 0, 0, 0 }, 1)]
    public void Quantise_Examples_GivesLargestRemainders(double[] row, int[] expected, int label)
    {
        var units = new int[8];
        Assert.Equal(label, Quantisation.Quantise(row, units));
        Assert.Equal(expected, units);
    }

    [Fact]
    public void Quantise_AnyRow_SumsToAMillionStaysCloseAndKeepsTheClass()
    {
        // Values that tie, nearly tie and vanish, beside ordinary ones.
        var value = Gen.Frequency(
            (4, Gen.Double[0, 1]),
            (2, Gen.Int[0, 4].Select(i => i / 4.0)),
            (2, Gen.Int[0, 6].Select(i => 0.2 + (i * 1e-7))),
            (1, Gen.Int[0, 6].Select(i => 0.2 + (i * 3e-17))),
            (1, Gen.Double[0, 1e-7]));
        // Several classes that differ by their last bit, so that more than one may draw level.
        var close =
            from top in Gen.Double[0.15, 0.3]
            from rest in Gen.Double[0, 0.15].Array[4]
            from at in Gen.Int[0, 4]
            select (double[])[.. rest[..at], top, top, top, Math.BitIncrement(top), .. rest[at..]];
        Gen.OneOf(value.Array[8], close).Where(row => row.Sum() > 0).Sample(
            row =>
            {
                var units = new int[8];
                var label = Quantisation.Quantise(row, units);
                Assert.Equal(1_000_000, units.Sum());
                Assert.Equal(Array.IndexOf(row, row.Max()), label);
                Assert.Equal(Array.IndexOf(units, units.Max()), label);
                for (var k = 0; k < 8; k++)
                {
                    // One unit of rounding, and one for each class that might have drawn level.
                    Assert.InRange(units[k] - (row[k] / row.Sum() * 1_000_000), -2, k == label ? 8 : 1);
                }
            },
            iter: 20_000);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 2)]
    [InlineData(double.NaN, 1)]
    [InlineData(double.PositiveInfinity, 1)]
    public void Quantise_NotADistribution_IsRefused(double a, double b)
    {
        Assert.Throws<ArgumentException>(() => Quantisation.Quantise([a, b, 0, 0, 0, 0, 0, 0], new int[8]));
    }
}
