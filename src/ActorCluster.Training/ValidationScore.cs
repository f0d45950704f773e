using System.Collections.Immutable;
using ActorCluster.Core.Scoring;

namespace ActorCluster.Training;

/// <summary>What a network does on the labelled frames of videos, pooled over them; macro F1 is over eight classes as <see cref="ExpressionScore"/> has it.</summary>
/// <param name="Loss">Mean loss over the labelled rows of windows that vote for them.</param>
/// <param name="WindowF1">Macro F1 of single windows: every window's own answer for each of its frames, before voting.</param>
/// <param name="VotedF1">Macro F1 after soft voting, without median filter.</param>
/// <param name="SmoothedF1">Macro F1 of the predictions as inference publishes them: voted, filtered, imputed. The epoch is chosen by it.</param>
/// <param name="Accuracy">Accuracy of the same, 0 to 1.</param>
/// <param name="PerClassF1">F1 of each class of the same, [8].</param>
/// <param name="Frames">Labelled frames.</param>
public sealed record ValidationScore(
    double Loss, double WindowF1, double VotedF1, double SmoothedF1, double Accuracy, ImmutableArray<double> PerClassF1, long Frames)
{
    /// <summary>Whether all figures are the same.</summary>
    public bool Equals(ValidationScore? other) => other is not null
        && (Loss, WindowF1, VotedF1, SmoothedF1, Accuracy, Frames) == (other.Loss, other.WindowF1, other.VotedF1, other.SmoothedF1, other.Accuracy, other.Frames)
        && PerClassF1.AsSpan().SequenceEqual(other.PerClassF1.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Loss, SmoothedF1, Frames);

    internal static ValidationScore Of(double loss, ConfusionMatrix windows, ConfusionMatrix voted, ConfusionMatrix smoothed)
    {
        var score = ExpressionScore.Of(smoothed);
        return new ValidationScore(
            loss,
            ExpressionScore.Of(windows).MacroF1,
            ExpressionScore.Of(voted).MacroF1,
            score.MacroF1,
            score.Accuracy,
            [.. score.PerClass.Select(c => c.F1)],
            score.Frames);
    }
}
