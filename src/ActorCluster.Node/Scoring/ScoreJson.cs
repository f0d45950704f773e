using System.Text.Json;
using System.Text.Json.Serialization;
using ActorCluster.Core;
using ActorCluster.Core.Scoring;

namespace ActorCluster.Node.Scoring;

/// <summary>Scores as one JSON object.</summary>
internal static partial class ScoreJson
{
    /// <summary>Writes the pooled scores of videos.</summary>
    public static string Write(IReadOnlyList<VideoScore> videos)
    {
        var all = Pooled(videos, v => v.All);

        // Half of the videos' faces would be a score of other videos than the one beside it.
        var withFace = videos.All(v => v.WithFace is not null) ? Pooled(videos, v => v.WithFace!) : null;
        return JsonSerializer.Serialize(
            new Result(
                all.Frames, all.Accuracy, all.MacroF1, all.AccuracyInterval, all.MacroF1Interval, all.Baseline, all.PerClass, all.Confusion, withFace, videos.Count,
                [.. videos.Select(v => Video.Of(v.Id, ExpressionScore.Of(v.All)))]),
            ScoreJsonContext.Default.Result);
    }

    private static Part Pooled(IReadOnlyList<VideoScore> videos, Func<VideoScore, ConfusionMatrix> of)
    {
        ConfusionMatrix[] matrices = [.. videos.Select(of)];
        var score = ExpressionScore.Of(ConfusionMatrix.Sum(matrices));
        var bootstrap = VideoBootstrap.Scores(matrices);
        var baseline = ExpressionScore.Of(score.Confusion.AlwaysPredicting(score.Confusion.MostFrequentLabel));
        return new Part(
            score.Frames,
            score.Accuracy,
            score.MacroF1,
            Interval.Of(bootstrap.Accuracy, bootstrap.Resamples),
            Interval.Of(bootstrap.MacroF1, bootstrap.Resamples),
            new Trivial(score.Confusion.MostFrequentLabel.ToString(), baseline.Accuracy, baseline.MacroF1),
            [.. score.PerClass.Select(c => new Class(c.Expression.ToString(), c.Precision, c.Recall, c.F1, c.Support))],
            [.. Enumerable.Range(0, Expressions.Count).Select(label => score.Confusion.Counts.AsSpan(label * Expressions.Count, Expressions.Count).ToArray())]);
    }

    private sealed record Result(
        long Frames, double Accuracy, double MacroF1, Interval AccuracyInterval, Interval MacroF1Interval, Trivial Baseline, Class[] PerClass, long[][] Confusion, Part? WithFace,
        int Videos, Video[] PerVideo);

    private sealed record Part(
        long Frames, double Accuracy, double MacroF1, Interval AccuracyInterval, Interval MacroF1Interval, Trivial Baseline, Class[] PerClass, long[][] Confusion);

    private sealed record Class(string Label, double Precision, double Recall, double F1, long Support);

    private sealed record Interval(double Low, double High, double Level, int Resamples)
    {
        public static Interval Of(ConfidenceInterval interval, int resamples) => new(interval.Low, interval.High, interval.Level, resamples);
    }

    private sealed record Trivial(string Label, double Accuracy, double MacroF1);

    private sealed record Video(string Id, long Frames, double Accuracy, double MacroF1)
    {
        public static Video Of(string id, ExpressionScore score) => new(id, score.Frames, score.Accuracy, score.MacroF1);
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(Result))]
    private sealed partial class ScoreJsonContext : JsonSerializerContext;
}
