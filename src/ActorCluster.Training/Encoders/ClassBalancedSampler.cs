using System.Collections.Immutable;
using ActorCluster.Core;
using ActorCluster.Core.Scoring;

namespace ActorCluster.Training.Encoders;

/// <summary>Draws labelled samples: first a class, in proportion to its number of samples to a power, then any sample of it.</summary>
internal sealed class ClassBalancedSampler
{
    private readonly ImmutableArray<ImmutableArray<int>> samples;
    private readonly double[] bounds = new double[Expressions.Count];

    /// <param name="labels">The label of each sample, -1 for one that is not drawn.</param>
    /// <param name="power">The power, 0 to 1.</param>
    public ClassBalancedSampler(IReadOnlyList<sbyte> labels, double power)
    {
        samples = [.. Enumerable.Range(0, Expressions.Count).Select(c => Enumerable.Range(0, labels.Count).Where(i => labels[i] == c).ToImmutableArray())];
        var sum = 0.0;
        for (var c = 0; c < bounds.Length; c++)
        {
            // A class without samples has no share, not even of the power 0.
            sum += samples[c].IsEmpty ? 0 : Math.Pow(samples[c].Length, power);
            bounds[c] = sum;
        }
    }

    /// <summary>Samples of each class, [8].</summary>
    public ImmutableArray<int> Counts => [.. samples.Select(s => s.Length)];

    /// <summary>Draws a sample's index.</summary>
    public int Next(Random random)
    {
        var at = random.NextDouble() * bounds[^1];
        var expression = Array.FindIndex(bounds, bound => at < bound);
        return samples[expression][random.Next(samples[expression].Length)];
    }

    /// <summary>
    /// The generator of one step: it depends on nothing but seed and step, so a training that goes on after a crash draws what it would have drawn.
    /// </summary>
    public static Random RandomOf(int seed, int step) => new((int)SplitMix64.Mix(((ulong)(uint)seed << 32) | (uint)step));
}
