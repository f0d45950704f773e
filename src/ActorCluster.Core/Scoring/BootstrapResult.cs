namespace ActorCluster.Core.Scoring;

/// <summary>What a bootstrap over videos says.</summary>
/// <param name="MacroF1">Interval of the pooled macro F1, or of the difference of two.</param>
/// <param name="Accuracy">Interval of the pooled accuracy, or of the difference of two.</param>
/// <param name="Resamples">The number of resamples.</param>
public sealed record BootstrapResult(ConfidenceInterval MacroF1, ConfidenceInterval Accuracy, int Resamples);
