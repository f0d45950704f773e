using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ActorCluster.Core.Labels;

namespace ActorCluster.Core.Scoring;

/// <summary>How often each label was predicted as each class: rows are labels, columns predictions.</summary>
public sealed class ConfusionMatrix
{
    private const int Size = Expressions.Count * Expressions.Count;

    /// <summary>Makes a matrix of counts.</summary>
    /// <param name="counts">Counts, [8, 8] row by row, none negative.</param>
    /// <exception cref="ArgumentException">There are not 64 counts, or one is negative.</exception>
    public ConfusionMatrix(ImmutableArray<long> counts)
    {
        if (counts.Length != Size || counts.Any(c => c < 0))
        {
            throw new ArgumentException($"A confusion matrix has {Size} counts, none negative.", nameof(counts));
        }

        Counts = counts;
        Frames = counts.Sum();
    }

    /// <summary>The counts, [8, 8] row by row.</summary>
    public ImmutableArray<long> Counts { get; }

    /// <summary>The number of frames counted.</summary>
    public long Frames { get; }

    /// <summary>The most frequent label, the first of several; what a guess without a look would be.</summary>
    public Expression MostFrequentLabel => (Expression)Enumerable.Range(0, Expressions.Count).MaxBy(c => Support((Expression)c));

    /// <summary>How many frames with a label were predicted as a class.</summary>
    public long this[Expression label, Expression prediction] => Counts[((int)label * Expressions.Count) + (int)prediction];

    /// <summary>The number of frames with a label.</summary>
    public long Support(Expression label) => Counts.AsSpan((int)label * Expressions.Count, Expressions.Count).ToArray().Sum();

    /// <summary>Counts the labelled frames of a video.</summary>
    /// <param name="labels">The label of each frame, from -1 to 7; frames with -1 do not count.</param>
    /// <param name="predictions">The predicted class of each frame, from 0 to 7, [labels].</param>
    /// <exception cref="ArgumentException">The lengths differ, or a value is out of range.</exception>
    public static ConfusionMatrix Of(ReadOnlySpan<sbyte> labels, ReadOnlySpan<sbyte> predictions)
    {
        if (labels.Length != predictions.Length)
        {
            throw new ArgumentException($"{labels.Length} labels and {predictions.Length} predictions do not agree.");
        }

        var counts = new long[Size];
        for (var i = 0; i < labels.Length; i++)
        {
            var (label, prediction) = (labels[i], predictions[i]);
            if (label == LabelFile.Unlabelled)
            {
                continue;
            }

            if ((byte)label >= Expressions.Count || (byte)prediction >= Expressions.Count)
            {
                throw new ArgumentException($"Frame {i + 1} has the label {label} and the prediction {prediction}; classes are 0 to {Expressions.Count - 1}.");
            }

            counts[(label * Expressions.Count) + prediction]++;
        }

        return new ConfusionMatrix(ImmutableCollectionsMarshal.AsImmutableArray(counts));
    }

    /// <summary>The matrix of all frames of several videos.</summary>
    /// <param name="matrices">The videos' matrices; of none, all counts are 0.</param>
    public static ConfusionMatrix Sum(IEnumerable<ConfusionMatrix> matrices)
    {
        var counts = new long[Size];
        foreach (var matrix in matrices)
        {
            for (var i = 0; i < Size; i++)
            {
                counts[i] += matrix.Counts[i];
            }
        }

        return new ConfusionMatrix(ImmutableCollectionsMarshal.AsImmutableArray(counts));
    }

    /// <summary>The matrix of the same labels when every prediction is one class: with <see cref="MostFrequentLabel"/>, the trivial baseline.</summary>
    public ConfusionMatrix AlwaysPredicting(Expression expression)
    {
        var counts = new long[Size];
        for (var label = 0; label < Expressions.Count; label++)
        {
            counts[(label * Expressions.Count) + (int)expression] = Support((Expression)label);
        }

        return new ConfusionMatrix(ImmutableCollectionsMarshal.AsImmutableArray(counts));
    }
}
