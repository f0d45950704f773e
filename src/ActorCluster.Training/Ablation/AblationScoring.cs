using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ActorCluster.Core.Labels;
using ActorCluster.Training.Evaluation;

namespace ActorCluster.Training.Ablation;

/// <summary>What every trial of an ablation is scored on.</summary>
/// <param name="Set"><c>validation</c>, the videos that also choose a training's epoch, or <c>test</c>.</param>
/// <param name="MissingFaces">Shares of the faces, more than 0 to 1: each is one more score, with so many of them hidden by <see cref="FaceBursts"/>.</param>
public sealed record AblationScoring(DatasetSplit Set, ImmutableArray<double> MissingFaces)
{
    /// <summary>Decides which faces are hidden: the same ones for all trials.</summary>
    internal const ulong Seed = 1;

    /// <summary>The name of each condition, the first with nothing hidden.</summary>
    [JsonIgnore]
    public ImmutableArray<string> ConditionNames => [.. Conditions.Select(c => c.Name)];

    [JsonIgnore]
    internal ImmutableArray<MaskCondition> Conditions =>
        [MaskCondition.Everything, .. MissingFaces.Select(share => new MaskCondition(FormattableString.Invariant($"{100 * share:0.##} % of the faces missing"), share, HidesAudio: false))];
}
