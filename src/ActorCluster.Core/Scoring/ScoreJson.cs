using System.Text.Json.Nodes;

namespace ActorCluster.Core.Scoring;

/// <summary>A score as JSON: the one shape that every command uses, with keys in snake case.</summary>
public static class ScoreJson
{
    /// <summary>
    /// <c>frames, accuracy, macro_f1, accuracy_interval, macro_f1_interval, baseline, per_class, confusion</c>, and the same under <c>with_face</c> where that is known.
    /// Rows of <c>confusion</c> are labels, columns predictions.
    /// </summary>
    /// <param name="all">Over all labelled frames.</param>
    /// <param name="withFace">Over those with a face; null where faces are not known.</param>
    public static JsonObject Of(PooledScore all, PooledScore? withFace = null)
    {
        var (score, confusion) = (all.Score, all.Score.Confusion.Counts);
        var json = new JsonObject
        {
            ["frames"] = score.Frames,
            ["accuracy"] = score.Accuracy,
            ["macro_f1"] = score.MacroF1,
            ["accuracy_interval"] = Of(all.Intervals.Accuracy, all.Intervals.Resamples),
            ["macro_f1_interval"] = Of(all.Intervals.MacroF1, all.Intervals.Resamples),
            ["baseline"] = new JsonObject { ["label"] = $"{all.BaselineLabel}", ["accuracy"] = all.Baseline.Accuracy, ["macro_f1"] = all.Baseline.MacroF1 },
            ["per_class"] = new JsonArray([.. score.PerClass.Select(Of)]),
            ["confusion"] = new JsonArray([.. confusion.Chunk(Expressions.Count).Select(row => new JsonArray([.. row.Select(n => JsonValue.Create(n))]))]),
        };
        if (withFace is not null)
        {
            json["with_face"] = Of(withFace);
        }

        return json;
    }

    /// <summary><c>low, high, level, resamples</c>.</summary>
    /// <param name="interval">The bounds.</param>
    /// <param name="resamples">The number of resamples behind them.</param>
    public static JsonObject Of(ConfidenceInterval interval, int resamples) => new()
    {
        ["low"] = interval.Low,
        ["high"] = interval.High,
        ["level"] = interval.Level,
        ["resamples"] = resamples,
    };

    /// <summary><c>id, frames, accuracy, macro_f1</c> of one video.</summary>
    /// <param name="id">The video's id.</param>
    /// <param name="score">Its score.</param>
    public static JsonObject OfVideo(string id, ExpressionScore score) => new()
    {
        ["id"] = id,
        ["frames"] = score.Frames,
        ["accuracy"] = score.Accuracy,
        ["macro_f1"] = score.MacroF1,
    };

    private static JsonObject Of(ClassScore score) => new()
    {
        ["label"] = $"{score.Expression}",
        ["precision"] = score.Precision,
        ["recall"] = score.Recall,
        ["f1"] = score.F1,
        ["support"] = score.Support,
    };
}
