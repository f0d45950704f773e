using System.Text.Json;
using System.Text.Json.Serialization;

namespace ActorCluster.Core.Tests.Scoring;

/// <summary>Scores by scikit-learn 1.2.1 (see goldens/README.md).</summary>
internal sealed record MetricGoldens(
    [property: JsonPropertyName("labels")] sbyte[] Labels,
    [property: JsonPropertyName("predictions")] sbyte[] Predictions,
    [property: JsonPropertyName("accuracy")] double Accuracy,
    [property: JsonPropertyName("macro_f1")] double MacroF1,
    [property: JsonPropertyName("precision")] double[] Precision,
    [property: JsonPropertyName("recall")] double[] Recall,
    [property: JsonPropertyName("f1")] double[] F1,
    [property: JsonPropertyName("support")] long[] Support,
    [property: JsonPropertyName("confusion_matrix_rows_true_cols_pred")] long[][] Confusion)
{
    public static MetricGoldens Read(string name) =>
        JsonSerializer.Deserialize<MetricGoldens>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "goldens", "metrics", name + ".json")))!;
}
