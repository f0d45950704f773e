namespace ActorCluster.Storage;

/// <summary>The features of m consecutive frames. A feature row whose mask is false does not matter.</summary>
/// <param name="Visual">Visual features, [m, Dv].</param>
/// <param name="Audio">Audio features, [m, Da].</param>
/// <param name="FacePresent">Whether the frame has a face, [m].</param>
/// <param name="AudioPresent">Whether the frame has audio, [m].</param>
/// <param name="Decoded">Whether the frame could be decoded, [m].</param>
public sealed record FrameFeatureRows(Half[] Visual, Half[] Audio, bool[] FacePresent, bool[] AudioPresent, bool[] Decoded);
