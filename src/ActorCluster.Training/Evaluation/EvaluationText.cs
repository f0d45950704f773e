using ActorCluster.Core.Scoring;

namespace ActorCluster.Training.Evaluation;

/// <summary>What page and Markdown both say of an evaluation.</summary>
internal static class EvaluationText
{
    public const string Raw = "Each frame from one window only, the one in whose middle it lies most nearly";
    public const string Voted = "Mean over all windows that cover the frame";
    public const string Bursts =
        "By masks alone, on the same features. Missing faces come in bursts of 0.5 to 3 s, drawn for each video until the share of its faces is reached; what a smaller share hides, a larger one hides too.";

    public const string Footer =
        "Macro F1 is the mean over eight classes on the pooled labelled frames; a class that does not occur counts as 0. Intervals are 95 % percentile bootstraps over videos; differences are drawn on the same videos. A frame without a face or a voice is imputed and counts like any other.";

    public const string Calibration =
        "One number per class is added to the logarithm of its probability. It is fitted for macro F1 by cross-validation: every video is scored with the numbers that were fitted on the videos of the other folds.";

    /// <summary>The rows that compare the steps of prediction.</summary>
    public static IEnumerable<(string Name, string Meaning, SystemScore Score)> Steps(EvaluationResult result) =>
    [
        ("Raw", Raw, result.Raw),
        ("Voted", Voted, result.Voted),
        ("Smoothed", $"Voted, then the median over {result.Settings.Voting.MedianKernel} frames: what inference publishes", result.Smoothed),
    ];

    /// <summary>What the sweep says, with what is to be kept in mind.</summary>
    public static string Best(EvaluationResult result)
    {
        var (best, inUse) = (result.BestMedian, result.Settings.Voting.MedianKernel);
        return FormattableString.Invariant(
            $"The median over {best.Kernel} frames does best here, with a macro F1 of {best.MedianF1:F4}; {(best.Kernel == inUse ? "it is the one in use" : FormattableString.Invariant($"in use are {inUse}"))}. It was chosen on this very set, so its score is too good to report: choose on validation videos, report on others.");
    }

    /// <summary>Bounds, such as 0.581 to 0.654.</summary>
    public static string Bounds(ConfidenceInterval interval) => FormattableString.Invariant($"{interval.Low:F3} to {interval.High:F3}");

    /// <summary>A difference with its sign and bounds.</summary>
    public static string Gain(ConfidenceInterval interval) => FormattableString.Invariant($"{interval.Estimate:+0.0000;-0.0000;0.0000} ({interval.Low:+0.000;-0.000;0.000} to {interval.High:+0.000;-0.000;0.000})");
}
