using ActorCluster.Core;
using ActorCluster.Core.Pipelines;
using ActorCluster.Core.Voting;
using ActorCluster.Core.Windows;
using ActorCluster.Training.Evaluation;
using CsCheck;

namespace ActorCluster.Training.Tests.Evaluation;

public sealed class FilterTests
{
    [Fact]
    public void CentralWindows_AnyPlan_TakesEachFrameFromTheWindowWhoseMiddleIsNearest()
    {
        Gen.Select(Gen.Int[1, 60], Gen.Int[1, 16]).SelectMany((n, length) => Gen.Int[1, length].Select(stride => (n, length, stride))).Sample((n, length, stride) =>
        {
            var plan = new WindowPlan(n, new WindowSettings(length, stride));
            var central = new CentralWindows(n);
            for (var w = 0; w < plan.Count; w++)
            {
                // Every window says its own index.
                var votes = Enumerable.Repeat((Half)w, length * Expressions.Count).ToArray();
                central.Add(plan[w], votes, Enumerable.Repeat(FrameFlags.Voted, length).ToArray());
            }

            var frames = central.Frames;
            for (var i = 0; i < n; i++)
            {
                var nearest = Enumerable.Range(plan.FirstCovering(i), plan.LastCovering(i) - plan.FirstCovering(i) + 1)
                    .MinBy(w => Math.Abs(plan[w].Start + ((plan[w].Length - 1) / 2.0) - i));
                Assert.Equal(nearest, (int)frames.Probabilities[i * Expressions.Count]);
                Assert.Equal(FrameFlags.Voted, frames.Flags[i]);
            }
        });
    }

    [Fact]
    public void BoxFilter_AnyFrames_IsTheMeanOfTheVotedOnesAround()
    {
        Gen.Select(Gen.Bool.Array[1, 60], Gen.Int[0, 12], Gen.Int).Sample((voted, radius, seed) =>
        {
            var random = new Random(seed);
            Half[] values = [.. Enumerable.Range(0, voted.Length * Expressions.Count).Select(_ => (Half)random.NextDouble())];
            var decided = new FramesDecided(0, [.. values], [.. voted.Select(v => v ? FrameFlags.Voted : FrameFlags.None)]);
            var filtered = BoxFilter.Filter(decided, (2 * radius) + 1);
            for (var i = 0; i < voted.Length; i++)
            {
                var around = Enumerable.Range(Math.Max(0, i - radius), Math.Min(voted.Length, i + radius + 1) - Math.Max(0, i - radius)).Where(j => voted[j]).ToList();
                for (var k = 0; k < Expressions.Count; k++)
                {
                    var expected = voted[i] ? around.Average(j => (double)values[(j * Expressions.Count) + k]) : 0;
                    Assert.Equal(expected, (double)filtered.Probabilities[(i * Expressions.Count) + k], 1e-3);
                }
            }
        });
    }
}
