using System.Collections.Immutable;
using ActorCluster.Core.Scoring;

namespace ActorCluster.Training.Evaluation;

/// <summary>How well the smoothed predictions do with a bias per class, every video scored with biases fitted on the videos of other folds.</summary>
/// <param name="Calibrated">On all labelled frames.</param>
/// <param name="Difference">What is gained over no biases.</param>
/// <param name="Biases">What each fold's videos were scored with: the bias of each class in natural logarithms, [folds][8].</param>
/// <param name="Folds">The ids of each fold's videos, [folds].</param>
public sealed record CalibrationScore(
    PooledScore Calibrated, BootstrapResult Difference, ImmutableArray<ImmutableArray<double>> Biases, ImmutableArray<ImmutableArray<string>> Folds);
