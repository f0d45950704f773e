using System.Collections.Immutable;
using ActorCluster.Core;
using ActorCluster.Core.Scoring;

namespace ActorCluster.Storage;

/// <summary>How well a run's predictions agree with the labels that its manifest names, pooled over the frames of completed videos.</summary>
/// <param name="Videos">Videos with labels that could be scored.</param>
/// <param name="Frames">Their labelled frames.</param>
/// <param name="MacroF1">Mean F1 of the eight classes, 0 to 1.</param>
/// <param name="Accuracy">Share of the frames that are right, 0 to 1.</param>
/// <param name="ClassF1">F1 of each class, [8], 0 to 1.</param>
/// <param name="Confusion">Frames by label (rows) and prediction (columns), [8, 8].</param>
/// <param name="Notices">What was put right in label files, and why videos are not in the score, as sentences.</param>
public sealed record RunScore(
    int Videos,
    long Frames,
    double MacroF1,
    double Accuracy,
    ImmutableArray<double> ClassF1,
    ImmutableArray<ImmutableArray<long>> Confusion,
    ImmutableArray<string> Notices)
{
    /// <summary>Pools the videos' confusion matrices.</summary>
    /// <param name="videos">One matrix per video; may be empty.</param>
    /// <param name="notices">See <see cref="Notices"/>.</param>
    public static RunScore Of(IReadOnlyList<ConfusionMatrix> videos, ImmutableArray<string> notices)
    {
        var score = ExpressionScore.Of(ConfusionMatrix.Sum(videos));
        return new RunScore(
            videos.Count,
            score.Frames,
            score.MacroF1,
            score.Accuracy,
            [.. score.PerClass.Select(c => c.F1)],
            [.. Enumerable.Range(0, Expressions.Count).Select(label => score.Confusion.Counts.Slice(label * Expressions.Count, Expressions.Count))],
            notices);
    }
}
