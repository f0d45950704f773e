using static TorchSharp.torch;

namespace ActorCluster.Models.Fusion;

/// <summary>What the fusion network says of each frame.</summary>
/// <param name="Logits">Scores whose softmax is the probabilities of the classes, [B, T, 8].</param>
/// <param name="Gate">The share of the face in the fused state, [B, T], 0 to 1: the mean of the gate over d. 0 without a face, 1 without audio, 0 without both.</param>
/// <param name="FromPrior">Whether the logits are the prior's, for want of face and voice, [B, T], boolean. Padding counts so.</param>
public sealed record FusionOutput(Tensor Logits, Tensor Gate, Tensor FromPrior);
