using System.Collections.Immutable;
using ActorCluster.Core.Pipelines;

namespace ActorCluster.Training.Evaluation;

/// <summary>How a network is evaluated.</summary>
/// <param name="Windows">Length and stride of the windows; the length is the network's.</param>
/// <param name="Voting">Median filter and imputation, as the pipeline does them.</param>
/// <param name="Calibrate">Whether a bias per class is fitted by cross-validation and scored beside.</param>
public sealed record EvaluationSettings(WindowSettings Windows, VotingSettings Voting, bool Calibrate)
{
    private static readonly int[] SweptKernels = [1, 3, 5, 9, 15, 21, 25, 31, 41, 51, 75, 101, 151, 201];

    /// <summary>Decides which faces are hidden. 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Folds of the calibration, where there are as many videos. 5.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>The kernels that the smoothing is tried with, in frames, ascending: 1 to 201 and the one in use.</summary>
    public ImmutableArray<int> Kernels => [.. SweptKernels.Append(Voting.MedianKernel).Distinct().Order()];
}
