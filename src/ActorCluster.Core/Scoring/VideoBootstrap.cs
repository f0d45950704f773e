namespace ActorCluster.Core.Scoring;

/// <summary>
/// Percentile bootstrap (Efron and Tibshirani, An Introduction to the Bootstrap, chapter 13) over videos: frames of one video resemble each other, so whole videos are
/// drawn with replacement, and each draw is scored from its pooled confusion matrix. The same seed gives the same bounds on every machine.
/// </summary>
public static class VideoBootstrap
{
    /// <summary>Resamples when nothing else is asked for.</summary>
    public const int DefaultResamples = 2000;

    /// <summary>The confidence when nothing else is asked for.</summary>
    public const double DefaultLevel = 0.95;

    private const int Size = Expressions.Count * Expressions.Count;

    /// <summary>Bounds of one system's scores.</summary>
    /// <param name="videos">The confusion matrix of each video, at least one.</param>
    /// <param name="seed">What the draws are made from.</param>
    /// <param name="resamples">The number of draws, at least 1.</param>
    /// <param name="level">The confidence, between 0 and 1.</param>
    public static BootstrapResult Scores(IReadOnlyList<ConfusionMatrix> videos, ulong seed = 0, int resamples = DefaultResamples, double level = DefaultLevel) =>
        Run([videos], seed, resamples, level);

    /// <summary>Bounds of the difference of two systems' scores on the same videos, drawn together. Zero outside the bounds tells that the systems differ.</summary>
    /// <param name="first">The confusion matrix of each video for the system that is subtracted.</param>
    /// <param name="second">The confusion matrices of the other system, of the same videos in the same order.</param>
    /// <param name="seed">What the draws are made from.</param>
    /// <param name="resamples">The number of draws, at least 1.</param>
    /// <param name="level">The confidence, between 0 and 1.</param>
    /// <exception cref="ArgumentException">The systems were not scored on the same labels.</exception>
    public static BootstrapResult Difference(
        IReadOnlyList<ConfusionMatrix> first, IReadOnlyList<ConfusionMatrix> second, ulong seed = 0, int resamples = DefaultResamples, double level = DefaultLevel)
    {
        if (first.Count != second.Count)
        {
            throw new ArgumentException($"{first.Count} and {second.Count} videos cannot be compared one by one.");
        }

        for (var v = 0; v < first.Count; v++)
        {
            if (Enum.GetValues<Expression>().Any(c => first[v].Support(c) != second[v].Support(c)))
            {
                throw new ArgumentException($"The labels of video {v + 1} differ between the two systems.");
            }
        }

        return Run([first, second], seed, resamples, level);
    }

    private static BootstrapResult Run(IReadOnlyList<ConfusionMatrix>[] systems, ulong seed, int resamples, double level)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        if (!(level > 0 && level < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(level), level, "A confidence lies between 0 and 1.");
        }

        var videos = systems[0].Count;
        ArgumentOutOfRangeException.ThrowIfLessThan(videos, 1);
        var random = new SplitMix64(seed);
        var (f1, accuracy) = (new double[resamples], new double[resamples]);
        var pooled = new long[Size];
        var drawn = new int[videos];
        for (var r = 0; r < resamples; r++)
        {
            for (var i = 0; i < videos; i++)
            {
                drawn[i] = random.Next(videos);
            }

            (f1[r], accuracy[r]) = Score(systems, drawn, pooled);
        }

        var (f1OfAll, accuracyOfAll) = Score(systems, [.. Enumerable.Range(0, videos)], pooled);
        return new BootstrapResult(Interval(f1OfAll, f1, level), Interval(accuracyOfAll, accuracy, level), resamples);
    }

    /// <summary>The scores of the last system, less those of the one before it if there is one.</summary>
    private static (double MacroF1, double Accuracy) Score(IReadOnlyList<ConfusionMatrix>[] systems, ReadOnlySpan<int> drawn, long[] pooled)
    {
        var (f1, accuracy) = (0.0, 0.0);
        foreach (var system in systems)
        {
            pooled.AsSpan().Clear();
            foreach (var video in drawn)
            {
                var counts = system[video].Counts.AsSpan();
                for (var i = 0; i < Size; i++)
                {
                    pooled[i] += counts[i];
                }
            }

            (f1, accuracy) = (ExpressionScore.MacroF1Of(pooled) - f1, ExpressionScore.AccuracyOf(pooled) - accuracy);
        }

        return (f1, accuracy);
    }

    private static ConfidenceInterval Interval(double estimate, double[] values, double level)
    {
        Array.Sort(values);
        return new ConfidenceInterval(estimate, Quantile(values, (1 - level) / 2), Quantile(values, (1 + level) / 2), level);
    }

    /// <summary>A quantile, linear between neighbours (definition 7 of Hyndman and Fan, which numpy uses).</summary>
    internal static double Quantile(ReadOnlySpan<double> sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
