using System.Collections.Immutable;
using ActorCluster.Core;
using ActorCluster.Core.Labels;
using ActorCluster.Core.Scoring;

namespace ActorCluster.Training.Evaluation;

/// <summary>
/// One number per class that is added to the logarithm of its probability before the highest is taken: with it, a network that was trained for likelihood answers for
/// macro F1. Fitted by coordinate ascent: class after class takes the value from a grid that gives the highest macro F1, until none gains. A frame changes its
/// answer at one point of the grid only, so one pass over the frames scores the whole grid.
/// </summary>
internal static class LogitBias
{
    private const double Largest = 4;
    private const int StepsPerUnit = 10;
    private const int GridSize = (2 * (int)Largest * StepsPerUnit) + 1;
    private const int MostPasses = 20;
    private const double LeastGain = 1e-9;

    /// <summary>Fits biases.</summary>
    /// <param name="videos">The videos to fit on.</param>
    /// <returns>The bias of each class, [8], from -4 to 4 in steps of 0.1; 0 where nothing is better.</returns>
    public static ImmutableArray<double> Fit(IReadOnlyCollection<LogProbabilities> videos)
    {
        var bias = new double[Expressions.Count];
        var score = ExpressionScore.Of(ConfusionMatrix.Sum(videos.Select(v => Score(v, bias)))).MacroF1;
        for (var (pass, gained) = (0, true); gained && pass < MostPasses; pass++)
        {
            gained = false;
            for (var k = 0; k < bias.Length; k++)
            {
                var (value, reached) = BestOf(videos, bias, k);
                if (reached > score + LeastGain)
                {
                    (bias[k], score, gained) = (value, reached, true);
                }
            }
        }

        return [.. bias];
    }

    /// <summary>Counts the answers with biases.</summary>
    /// <param name="video">A video.</param>
    /// <param name="bias">The bias of each class, [8].</param>
    public static ConfusionMatrix Score(LogProbabilities video, ReadOnlySpan<double> bias)
    {
        var counts = new long[Expressions.Count * Expressions.Count];
        for (var i = 0; i < video.Labels.Length; i++)
        {
            counts[(video.Labels[i] * Expressions.Count) + Highest(video.Row(i), bias, except: -1).Class]++;
        }

        return new ConfusionMatrix([.. counts]);
    }

    /// <summary>Scores every video with the biases that were fitted on the videos of the other folds alone.</summary>
    /// <param name="videos">The videos.</param>
    /// <param name="folds">Their ids by fold.</param>
    /// <returns>The biases of each fold, and the counts of each video in the order given.</returns>
    public static (ImmutableArray<ImmutableArray<double>> Biases, ImmutableArray<ConfusionMatrix> Videos) CrossValidate(
        IReadOnlyList<LogProbabilities> videos, ImmutableArray<ImmutableArray<string>> folds)
    {
        var foldOf = folds.SelectMany((ids, f) => ids.Select(id => (id, f))).ToDictionary(p => p.id, p => p.f, StringComparer.Ordinal);
        ImmutableArray<ImmutableArray<double>> biases = [.. folds.Select((_, f) => Fit([.. videos.Where(v => foldOf[v.Id] != f)]))];
        return (biases, [.. videos.Select(v => Score(v, biases[foldOf[v.Id]].AsSpan()))]);
    }

    /// <summary>Folds of videos: as many as asked for, or one per base video where there are fewer.</summary>
    /// <param name="videos">Videos of at least two base videos.</param>
    /// <param name="count">How many, at least 2.</param>
    public static ImmutableArray<ImmutableArray<string>> Folds(IReadOnlyCollection<LogProbabilities> videos, int count)
    {
        var most = videos.DistinctBy(v => BaseVideo.Of(v.Id), StringComparer.Ordinal).Count();
        return VideoFolds.Divide(videos.Select(v => VideoClasses.Of(v.Id, v.Labels)), Math.Min(count, most)).Folds;
    }

    private static double GridValue(int point) => (double)(point - (GridSize / 2)) / StepsPerUnit;

    /// <summary>The value of one class's bias with the highest macro F1, the one nearest to 0 of several.</summary>
    private static (double Value, double Score) BestOf(IReadOnlyCollection<LogProbabilities> videos, double[] bias, int k)
    {
        var (right, predicted, support) = (new long[Expressions.Count], new long[Expressions.Count], new long[Expressions.Count]);

        // What a point of the grid takes from each other class: [point, class], right and predicted.
        var (lostRight, lost) = (new long[GridSize, Expressions.Count], new long[GridSize, Expressions.Count]);
        var wonRight = new long[GridSize];
        foreach (var video in videos)
        {
            for (var i = 0; i < video.Labels.Length; i++)
            {
                var row = video.Row(i);
                var label = video.Labels[i];
                var (other, height) = Highest(row, bias, k);
                support[label]++;
                predicted[other]++;
                right[other] += label == other ? 1 : 0;
                if (FirstWin(row[k], height, k < other) is { } point)
                {
                    lost[point, other]++;
                    lostRight[point, other] += label == other ? 1 : 0;
                    wonRight[point] += label == k ? 1 : 0;
                }
            }
        }

        var (value, best) = (0.0, -1.0);
        for (var point = 0; point < GridSize; point++)
        {
            for (var c = 0; c < Expressions.Count; c++)
            {
                predicted[c] -= lost[point, c];
                predicted[k] += lost[point, c];
                right[c] -= lostRight[point, c];
            }

            right[k] += wonRight[point];
            var score = MacroF1(right, predicted, support);
            if (score > best || (score == best && Math.Abs(GridValue(point)) < Math.Abs(value)))
            {
                (value, best) = (GridValue(point), score);
            }
        }

        return (value, best);
    }

    /// <summary>The first point of the grid at which a class is answered; null for none.</summary>
    private static int? FirstWin(double own, double height, bool winsTies)
    {
        // Rounded down and one less: rounding can then only have it start too low.
        var point = (int)Math.Clamp(Math.Floor((height - own + Largest) * StepsPerUnit) - 1, 0, GridSize);
        while (point < GridSize && !(own + GridValue(point) > height || (winsTies && own + GridValue(point) == height)))
        {
            point++;
        }

        return point < GridSize ? point : null;
    }

    /// <summary>The class that is answered, the lowest of several, when one does not take part.</summary>
    private static (int Class, double Height) Highest(ReadOnlySpan<float> row, ReadOnlySpan<double> bias, int except)
    {
        var (highest, height) = (-1, double.NegativeInfinity);
        for (var k = 0; k < row.Length; k++)
        {
            if (k != except && row[k] + bias[k] > height)
            {
                (highest, height) = (k, row[k] + bias[k]);
            }
        }

        return (highest, height);
    }

    private static double MacroF1(long[] right, long[] predicted, long[] support)
    {
        var sum = 0.0;
        for (var c = 0; c < right.Length; c++)
        {
            sum += predicted[c] + support[c] == 0 ? 0 : 2.0 * right[c] / (predicted[c] + support[c]);
        }

        return sum / right.Length;
    }
}
