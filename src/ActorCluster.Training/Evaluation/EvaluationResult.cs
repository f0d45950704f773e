using System.Collections.Immutable;
using ActorCluster.Core.Labels;
using ActorCluster.Core.Scoring;

namespace ActorCluster.Training.Evaluation;

/// <summary>What an evaluation found.</summary>
/// <param name="Split">The split that it was done on.</param>
/// <param name="Settings">How.</param>
/// <param name="Raw">Without voting: each frame from one window only, the one in whose middle it lies most nearly.</param>
/// <param name="Voted">The mean over all windows that cover a frame.</param>
/// <param name="Smoothed">Voted, then filtered: what inference publishes.</param>
/// <param name="VotingGain">Voted less raw, on all labelled frames.</param>
/// <param name="SmoothingGain">Smoothed less voted, on all labelled frames.</param>
/// <param name="Robustness">With something hidden, nothing hidden first.</param>
/// <param name="Smoothing">With filters of several widths, ascending.</param>
/// <param name="Calibration">With a bias per class; null unless asked for.</param>
/// <param name="PerVideo">The smoothed predictions of each video, by id.</param>
public sealed record EvaluationResult(
    DatasetSplit Split,
    EvaluationSettings Settings,
    SystemScore Raw,
    SystemScore Voted,
    SystemScore Smoothed,
    BootstrapResult VotingGain,
    BootstrapResult SmoothingGain,
    ImmutableArray<RobustnessScore> Robustness,
    ImmutableArray<SmoothingScore> Smoothing,
    CalibrationScore? Calibration,
    ImmutableArray<(string Id, ExpressionScore Score)> PerVideo)
{
    /// <summary>The median filter with the highest macro F1, the narrowest of several. It was chosen on the very videos that it is scored on.</summary>
    public SmoothingScore BestMedian => Smoothing.MaxBy(s => s.MedianF1)!;
}
