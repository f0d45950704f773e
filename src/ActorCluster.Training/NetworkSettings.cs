using ActorCluster.Models.Fusion;

namespace ActorCluster.Training;

/// <summary>The shape of the network to train; each value is described at <see cref="FusionConfig"/>.</summary>
/// <param name="HiddenSize">d. The paper's best: 256.</param>
/// <param name="Layers">l. The paper's best: 3.</param>
/// <param name="Heads">Attention heads. Ours: 8.</param>
/// <param name="FeedForwardSize">Width of the feed-forward's middle. Ours: 4 d.</param>
/// <param name="Dropout">Ordinary dropout. Ours: 0.1.</param>
/// <param name="Position">How places in the window are told apart. Ours: sinusoidal.</param>
/// <param name="ModalityDropout">How training drops a modality. The paper's best probability: 0.10.</param>
public sealed record NetworkSettings(
    int HiddenSize, int Layers, int Heads, int FeedForwardSize, double Dropout, PositionKind Position, ModalityDropoutSettings ModalityDropout);
