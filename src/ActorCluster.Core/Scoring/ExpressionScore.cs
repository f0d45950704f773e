using System.Collections.Immutable;

namespace ActorCluster.Core.Scoring;

/// <summary>
/// The measures of the ABAW challenge, from one confusion matrix over the pooled frames of all videos. They are those of scikit-learn with
/// <c>labels=range(8), zero_division=0</c>: a class that occurs neither in labels nor in predictions has an F1 of 0 and counts.
/// </summary>
/// <param name="Frames">The number of labelled frames.</param>
/// <param name="Accuracy">Share of the frames that are right, 0 to 1; 0 without frames.</param>
/// <param name="MacroF1">Mean F1 of the eight classes, 0 to 1: the challenge's measure.</param>
/// <param name="PerClass">The classes by index, [8].</param>
/// <param name="Confusion">The counts behind it.</param>
public sealed record ExpressionScore(long Frames, double Accuracy, double MacroF1, ImmutableArray<ClassScore> PerClass, ConfusionMatrix Confusion)
{
    /// <summary>Scores a confusion matrix.</summary>
    public static ExpressionScore Of(ConfusionMatrix confusion)
    {
        var counts = confusion.Counts.AsSpan();
        var perClass = new ClassScore[Expressions.Count];
        for (var c = 0; c < perClass.Length; c++)
        {
            var (right, labels, predictions) = Marginals(counts, c);
            perClass[c] = new ClassScore((Expression)c, Ratio(right, predictions), Ratio(right, labels), Ratio(2 * right, labels + predictions), labels);
        }

        return new ExpressionScore(confusion.Frames, AccuracyOf(counts), MacroF1Of(counts), [.. perClass], confusion);
    }

    /// <summary>The accuracy of counts, [8, 8] row by row.</summary>
    internal static double AccuracyOf(ReadOnlySpan<long> counts)
    {
        var (right, frames) = (0L, 0L);
        for (var i = 0; i < counts.Length; i++)
        {
            frames += counts[i];
            right += i / Expressions.Count == i % Expressions.Count ? counts[i] : 0;
        }

        return Ratio(right, frames);
    }

    /// <summary>The macro F1 of counts, [8, 8] row by row.</summary>
    internal static double MacroF1Of(ReadOnlySpan<long> counts)
    {
        var sum = 0.0;
        for (var c = 0; c < Expressions.Count; c++)
        {
            var (right, labels, predictions) = Marginals(counts, c);
            sum += Ratio(2 * right, labels + predictions);
        }

        return sum / Expressions.Count;
    }

    private static (long Right, long Labels, long Predictions) Marginals(ReadOnlySpan<long> counts, int c)
    {
        var (labels, predictions) = (0L, 0L);
        for (var other = 0; other < Expressions.Count; other++)
        {
            labels += counts[(c * Expressions.Count) + other];
            predictions += counts[(other * Expressions.Count) + c];
        }

        return (counts[(c * Expressions.Count) + c], labels, predictions);
    }

    private static double Ratio(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}
