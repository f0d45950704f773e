using ActorCluster.Core;

namespace ActorCluster.Processing.Inference;

/// <summary>What is stored of consecutive frames, as a head needs it.</summary>
/// <param name="FirstFrame">The first frame.</param>
/// <param name="Flags">Face and decoded bits, [n].</param>
/// <param name="Visual">Visual features, [n, Dv].</param>
/// <param name="Logits">Logits of the encoder's own head, [n, L].</param>
/// <param name="Audio">Audio features around each frame, [n, Da]; empty without an audio encoder.</param>
/// <param name="HasAudio">Whether a frame has audio features, [n]; empty without an audio encoder.</param>
internal sealed record FrameRows(int FirstFrame, FrameFlags[] Flags, Half[] Visual, Half[] Logits, Half[] Audio, bool[] HasAudio);
