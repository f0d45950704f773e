namespace ActorCluster.Core.Pipelines;

/// <summary>
/// What a run does to every video, read from a pipeline file. Its canonical hash is part of every key, so two runs agree on their answers
/// when their hashes agree.
/// </summary>
/// <param name="Name">The pipeline's name, such as <c>lite</c>: 1 to 40 letters A-Z a-z, digits, <c>-</c> and <c>_</c>.</param>
/// <param name="ChunkSeconds">The length of a chunk in seconds, 1 to 600.</param>
/// <param name="Frames">How frames are read.</param>
/// <param name="Faces">How faces are found and cropped.</param>
/// <param name="Visual">The visual encoder.</param>
/// <param name="Audio">How the audio track is judged.</param>
/// <param name="Head">How encoder outputs become class probabilities.</param>
/// <param name="Windows">The windows that vote.</param>
/// <param name="Voting">What happens to the votes of a whole video.</param>
/// <param name="Fusion">The network that fuses face and voice; null when the visual encoder's own head decides, or when it has none and the run computes features only.</param>
public sealed record PipelineDefinition(
    string Name,
    double ChunkSeconds,
    FrameSettings Frames,
    FaceSettings Faces,
    VisualEncoderSettings Visual,
    AudioSettings Audio,
    HeadSettings Head,
    WindowSettings Windows,
    VotingSettings Voting,
    FusionSettings? Fusion = null);
