using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ActorCluster.Core.Scoring;

namespace ActorCluster.Operator.Comparing;

/// <summary>How well a run does against labels.</summary>
/// <param name="MacroF1">Mean F1 of the eight classes, 0 to 1.</param>
/// <param name="Accuracy">Share of the frames that are right, 0 to 1.</param>
/// <param name="ClassF1">F1 by class, [8].</param>
internal sealed record ComparedScore(
    [property: JsonPropertyName("macro_f1")] double MacroF1, double Accuracy, [property: JsonPropertyName("class_f1")] ImmutableArray<double> ClassF1)
{
    /// <summary>Scores a run's predictions against labels.</summary>
    public static ComparedScore Of(ConfusionMatrix confusion)
    {
        var score = ExpressionScore.Of(confusion);
        return new ComparedScore(score.MacroF1, score.Accuracy, [.. score.PerClass.Select(c => c.F1)]);
    }
}
