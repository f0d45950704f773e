using static TorchSharp.torch;

namespace ActorCluster.Models.Fusion;

/// <summary>
/// Windows for the fusion network, B of them with T frames each. What stands in a feature row whose mask is false never reaches an output
/// or a gradient, be it NaN.
/// </summary>
/// <param name="Visual">Visual features, [B, T, visual width], floating point.</param>
/// <param name="Audio">Audio features, [B, T, audio width], floating point.</param>
/// <param name="VisualPresent">Whether the frame has a face, [B, T], boolean.</param>
/// <param name="AudioPresent">Whether the frame has audio, [B, T], boolean.</param>
/// <param name="Frames">Whether the frame is one of the video's, [B, T], boolean; false for the padding of a video shorter than a window.</param>
public sealed record FusionBatch(Tensor Visual, Tensor Audio, Tensor VisualPresent, Tensor AudioPresent, Tensor Frames);
