using System.Collections.Immutable;

namespace ActorCluster.Training.Ablation;

/// <summary>What a trial came to.</summary>
/// <param name="Identity">What tells settings, videos, seed and machine of the trial from any others; 64 hexadecimal digits.</param>
/// <param name="Epochs">Epochs that ended.</param>
/// <param name="BestEpoch">The epoch whose weights are scored; null where it diverged.</param>
/// <param name="DivergedInEpoch">The epoch in which loss or gradient was no number any more: a result, too. Null where it trained.</param>
/// <param name="Scores">A score for each condition; none where it diverged.</param>
/// <param name="Notices">What is to be known of the videos, as sentences.</param>
public sealed record TrialResult(
    string Identity, int Epochs, int? BestEpoch, int? DivergedInEpoch, ImmutableArray<TrialScore> Scores, ImmutableArray<string> Notices);
