using ActorCluster.Core;

namespace ActorCluster.Models;

/// <summary>Turns a network's logits into the probabilities of the eight classes.</summary>
public static class LogitHead
{
    /// <summary>
    /// softmax(logits / temperature) (temperature scaling, Guo et al. 2017), computed in double precision and rounded to half floats.
    /// A class that the network does not know gets 0.
    /// </summary>
    /// <param name="logits">One row of logits, [classes].</param>
    /// <param name="classes">The class of each logit; each class at most once.</param>
    /// <param name="temperature">Greater than 0; above 1 it makes an over-confident network less so.</param>
    /// <param name="probabilities">Receives the probabilities by class index, [8].</param>
    /// <exception cref="ArgumentException">The lengths do not agree, or a logit is not finite.</exception>
    public static void ToProbabilities(ReadOnlySpan<float> logits, ReadOnlySpan<Expression> classes, double temperature, Span<Half> probabilities)
    {
        if (logits.IsEmpty || logits.Length != classes.Length || probabilities.Length != Expressions.Count)
        {
            throw new ArgumentException(
                $"{logits.Length} logits of {classes.Length} classes do not make {probabilities.Length} probabilities.", nameof(logits));
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        var highest = float.NegativeInfinity;
        foreach (var logit in logits)
        {
            if (!float.IsFinite(logit))
            {
                throw new ArgumentException($"The logit {logit} is not a finite number.", nameof(logits));
            }

            highest = Math.Max(highest, logit);
        }

        Span<double> exponentials = stackalloc double[Expressions.Count];
        exponentials.Clear();
        var sum = 0.0;
        for (var i = 0; i < logits.Length; i++)
        {
            var exponential = Math.Exp(((double)logits[i] - highest) / temperature);
            exponentials[(int)classes[i]] = exponential;
            sum += exponential;
        }

        for (var i = 0; i < Expressions.Count; i++)
        {
            probabilities[i] = (Half)(exponentials[i] / sum);
        }
    }
}
