using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ActorCluster.Core.Scoring;

namespace ActorCluster.Training.Ablation;

/// <summary>A trained network's answers under one condition.</summary>
/// <param name="Condition">The condition's name.</param>
/// <param name="Counts">The confusion matrix of each video, in the order of their ids, [videos, 64].</param>
public sealed record TrialScore(string Condition, ImmutableArray<ImmutableArray<long>> Counts)
{
    /// <summary>The confusion matrix of each video.</summary>
    [JsonIgnore]
    public ImmutableArray<ConfusionMatrix> Videos => [.. Counts.Select(c => new ConfusionMatrix(c))];

    /// <summary>The score over the videos' pooled frames.</summary>
    [JsonIgnore]
    public ExpressionScore Pooled => ExpressionScore.Of(ConfusionMatrix.Sum(Videos));
}
