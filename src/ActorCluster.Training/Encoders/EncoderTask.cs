using System.Collections.Immutable;
using ActorCluster.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace ActorCluster.Training.Encoders;

/// <summary>What differs between the training of a visual and of an audio encoder: what a batch is, and how it is encoded.</summary>
internal abstract class EncoderTask
{
    /// <summary>Labelled training frames of each class, [8].</summary>
    public abstract ImmutableArray<int> ClassCounts { get; }

    /// <summary>How many batches a validation has.</summary>
    public abstract int ValidationBatches { get; }

    /// <summary>Draws, varies and encodes a batch for training.</summary>
    /// <param name="random">The chance of this step.</param>
    /// <returns>Features <c>[n, D]</c> in the caller's dispose scope, and their labels, -1 for a row that does not count.</returns>
    public abstract (Tensor Features, long[] Labels) Draw(Random random);

    /// <summary>Encodes a batch for validation.</summary>
    /// <param name="index">Its number from 0.</param>
    /// <returns>As <see cref="Draw"/>.</returns>
    public abstract (Tensor Features, long[] Labels) Validation(int index);

    /// <summary>The weight of each class in the loss, [8], 1 on average over the training frames; 0 for a class without any.</summary>
    /// <param name="power">A class weighs in proportion to its frames to the power of minus this.</param>
    public double[] ClassWeights(double power)
    {
        var raw = ClassCounts.Select(count => count == 0 ? 0 : Math.Pow(count, -power)).ToArray();
        var mean = raw.Zip(ClassCounts).Sum(pair => pair.First * pair.Second) / ClassCounts.Sum();
        return [.. Enumerable.Range(0, Expressions.Count).Select(c => raw[c] / mean)];
    }
}
