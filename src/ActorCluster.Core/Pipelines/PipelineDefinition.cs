using System.Collections.Immutable;

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
public sealed record PipelineDefinition(
    string Name,
    double ChunkSeconds,
    FrameSettings Frames,
    FaceSettings Faces,
    VisualEncoderSettings Visual,
    AudioSettings Audio,
    HeadSettings Head,
    WindowSettings Windows,
    VotingSettings Voting);

/// <summary>How frames are read.</summary>
/// <param name="MaxLongSide">Frames whose longer side has more pixels are scaled down to it, 64 to 8192.</param>
public sealed record FrameSettings(int MaxLongSide);

/// <summary>How faces are found and cropped.</summary>
/// <param name="Model">The detector's ONNX file, relative to the pipeline file; 1 to 1024 characters.</param>
/// <param name="MinScore">Boxes with a lower score are dropped, 0 to 1.</param>
/// <param name="SmallestFace">The smallest face to look for, as a share of the frame's longer side; 0.01 to 1; below about 1/6 the detector works on tiles.</param>
/// <param name="CropScale">Side of the square crop as a multiple of the box's side, 0.5 to 4.</param>
/// <param name="CropShiftUp">How far the crop's centre moves up, as a share of the box's side, -1 to 1.</param>
public sealed record FaceSettings(string Model, double MinScore, double SmallestFace, double CropScale, double CropShiftUp);

/// <summary>The visual encoder.</summary>
/// <param name="Kind">The encoder's kind: <c>face-expression-net</c>.</param>
/// <param name="Model">Its weights, relative to the pipeline file; 1 to 1024 characters.</param>
/// <param name="Batch">The one batch size of every forward pass, 1 to 1024; partial batches are padded.</param>
public sealed record VisualEncoderSettings(string Kind, string Model, int Batch);

/// <summary>How the audio track is judged.</summary>
/// <param name="PresenceWindowSeconds">Width of the window around a frame's time in seconds, 0.02 to 60.</param>
/// <param name="PresenceLevelDb">A frame has audio when the window's RMS level reaches this, in dB relative to full scale, -100 to 0.</param>
public sealed record AudioSettings(double PresenceWindowSeconds, double PresenceLevelDb);

/// <summary>How encoder outputs become class probabilities.</summary>
/// <param name="Temperature">Logits are divided by it before the softmax, 0.01 to 100.</param>
/// <param name="Prior">Probabilities [8] of a frame that nothing is known of, by class index; each 0 to 1, their sum 1 to within 1e-6. In the file, a class that is left out has 0.</param>
public sealed record HeadSettings(double Temperature, ImmutableArray<double> Prior)
{
    /// <summary>Whether both have the same temperature and the same prior, element by element.</summary>
    public bool Equals(HeadSettings? other) =>
        other is not null && Temperature.Equals(other.Temperature) && Prior.AsSpan().SequenceEqual(other.Prior.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Temperature, Prior.Length);
}

/// <summary>The windows that vote.</summary>
/// <param name="Length">Frames per window (T), 1 to 4096.</param>
/// <param name="Stride">Frames between the starts of neighbouring windows (S), 1 to <paramref name="Length"/>.</param>
public sealed record WindowSettings(int Length, int Stride);

/// <summary>What happens to the votes of a whole video.</summary>
/// <param name="MedianOver">Whether the median filter runs over probabilities or labels.</param>
/// <param name="MedianKernel">The filter's width in frames, odd, 1 to 1001; 1 switches it off.</param>
/// <param name="ImputeWithinSeconds">
/// A frame without a vote takes its probabilities from voted frames no further away than this, 0 to 3600; beyond, it takes the prior.
/// </param>
public sealed record VotingSettings(MedianOver MedianOver, int MedianKernel, double ImputeWithinSeconds);

/// <summary>What the median filter runs over.</summary>
public enum MedianOver
{
    /// <summary>Each class's probability; the label is the class of the highest result.</summary>
    Probabilities,

    /// <summary>The class indices.</summary>
    Labels,
}
