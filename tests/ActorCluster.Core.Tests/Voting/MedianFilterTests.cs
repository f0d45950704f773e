using System.Diagnostics;
using System.Text.Json;
using ActorCluster.Core.Voting;
using CsCheck;

namespace ActorCluster.Core.Tests.Voting;

public class MedianFilterTests
{
    [Fact]
    public void FilterLabels_Goldens_AreReproduced()
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "goldens", "median", "median.json")));
        var cases = golden.RootElement.GetProperty("cases").EnumerateArray().ToArray();
        Assert.Equal(24, cases.Length);
        foreach (var item in cases)
        {
            var input = Ints(item.GetProperty("input"));
            var expected = Ints(item.GetProperty("window_clipped_at_ends_lower_median"));
            Assert.Equal(expected, MedianFilter.FilterLabels(input, Everyone(input.Length), item.GetProperty("kernel").GetInt32()));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    [InlineData(4)]
    public void FilterLabels_KernelNotOddAndPositive_IsRefused(int kernel)
    {
        Assert.Throws<ArgumentException>(() => MedianFilter.FilterLabels([1], [true], kernel));
        Assert.Throws<ArgumentException>(() => MedianFilter.FilterProbabilities(new Half[8], [true], kernel));
    }

    [Fact]
    public void Filter_LengthsThatDoNotAgree_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => MedianFilter.FilterLabels([1, 2], [true], 3));
        Assert.Throws<ArgumentException>(() => MedianFilter.FilterProbabilities(new Half[9], [true], 3));
    }

    [Fact]
    public void FilterLabels_AnyMaskAndKernel_AgreesWithSortingEachWindow()
    {
        var gen =
            from values in Gen.Int[-3, 9].Array[0, 120]
            from mask in Gen.Bool.Array[values.Length]
            from radius in Gen.OneOf(Gen.Int[0, 15], Gen.Int[0, 500])
            select (values, mask, kernel: (2 * radius) + 1);
        gen.Sample(
            t => Assert.Equal(Naive(t.values, t.mask, t.kernel), MedianFilter.FilterLabels(t.values, t.mask, t.kernel)),
            iter: 500);
    }

    [Fact]
    public void FilterProbabilities_AnyMaskAndKernel_IsTheMedianOfEachColumnScaled()
    {
        var gen =
            from frames in Gen.Int[1, 60]
            from weights in Gen.Double[0.01, 1].Array[frames * 8]
            from mask in Gen.Bool.Array[frames]
            from radius in Gen.Int[0, 20]
            select (weights, mask, kernel: (2 * radius) + 1);
        gen.Sample(t =>
        {
            Half[] probabilities = [.. t.weights.Select((w, i) => t.mask[i / 8] ? (Half)(w / t.weights.Skip(i / 8 * 8).Take(8).Sum()) : Half.NaN)];
            var columns = Enumerable.Range(0, 8)
                .Select(k => Naive([.. Enumerable.Range(0, t.mask.Length).Select(i => (int)((float)probabilities[(i * 8) + k] * (1 << 24)))], t.mask, t.kernel))
                .ToArray();
            var filtered = MedianFilter.FilterProbabilities(probabilities, t.mask, t.kernel);
            for (var i = 0; i < t.mask.Length; i++)
            {
                var sum = columns.Sum(column => (double)column[i]);
                for (var k = 0; k < 8; k++)
                {
                    Assert.Equal(t.mask[i] ? columns[k][i] / sum : 0, filtered[(i * 8) + k], 1e-12);
                }
            }
        });
    }

    [Fact]
    public void FilterProbabilities_EveryMedianZero_KeepsTheFramesOwnRow()
    {
        var probabilities = new Half[5 * 8];
        for (var i = 0; i < 5; i++)
        {
            probabilities[(i * 8) + i] = Half.One;
        }

        var filtered = MedianFilter.FilterProbabilities(probabilities, Everyone(5), 5);
        Assert.Equal(probabilities.Select(p => (double)p), filtered);
    }

    [Fact]
    public void FilterProbabilities_LongVideoAndWidestKernel_TakesSeconds()
    {
        const int Frames = 500_000;
        var random = new Random(5);
        var probabilities = new Half[Frames * 8];
        for (var i = 0; i < probabilities.Length; i++)
        {
            probabilities[i] = (Half)random.NextDouble();
        }

        var watch = Stopwatch.StartNew();
        var filtered = MedianFilter.FilterProbabilities(probabilities, Everyone(Frames), 1001);
        // Sorting each window anew takes minutes; the deadline is some ten times what the filter needs.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Assert.Equal(Frames * 8, filtered.Length);
    }

    private static int[] Naive(int[] values, bool[] mask, int kernel)
    {
        var result = values.ToArray();
        for (var i = 0; i < values.Length; i++)
        {
            if (mask[i])
            {
                var window = Enumerable.Range(i - (kernel / 2), kernel).Where(j => j >= 0 && j < values.Length && mask[j]).Select(j => values[j]).Order().ToArray();
                result[i] = window[(window.Length - 1) / 2];
            }
        }

        return result;
    }

    private static bool[] Everyone(int frames) => [.. Enumerable.Repeat(true, frames)];

    private static int[] Ints(JsonElement array) => [.. array.EnumerateArray().Select(element => element.GetInt32())];
}
