using ActorCluster.Training.Ablation;

namespace ActorCluster.Processing.Trials;

/// <summary>How far a trial of an ablation is.</summary>
/// <param name="Name">Its cell and seed.</param>
/// <param name="Phase">Where it is.</param>
/// <param name="Stage">What is being done, in words.</param>
/// <param name="Epoch">The epoch at work, from 1; 0 before the first is known of.</param>
/// <param name="Epochs">The most epochs.</param>
/// <param name="Steps">A number that grew with everything that got done.</param>
/// <param name="Result">Its result, once it has ended.</param>
public sealed record TrialStatus(string Name, TrialPhase Phase, string Stage, int Epoch, int Epochs, long Steps, TrialResult? Result);
