namespace ActorCluster.Models.Fusion;

/// <summary>How often training takes a whole modality from a window.</summary>
/// <param name="Probability">
/// The chance of each window, 0 to 1. The paper's best result has 0.10; that it is drawn for each window is our choice.
/// </param>
/// <param name="Modality">
/// What is taken. The paper treats the face as what goes missing; whether it also drops the voice is not public, so the choice is ours.
/// </param>
public sealed record ModalityDropoutSettings(double Probability, DroppedModality Modality);
