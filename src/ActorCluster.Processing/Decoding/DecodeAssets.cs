using ActorCluster.Core.Faults;
using ActorCluster.Core.Pipelines;
using ActorCluster.Media.Faces;
using ActorCluster.Models.Checkpoints;
using ActorCluster.Processing.Inference;

namespace ActorCluster.Processing.Decoding;

/// <summary>
/// What decoding needs of a pipeline: the face detector and the shapes of the encoders' input. No weights of encoders are read for it, and no device is
/// touched, so a node without either can decode for one that has them.
/// </summary>
internal sealed class DecodeAssets : IDisposable
{
    public DecodeAssets(PipelineDefinition definition, PipelineModels models, string ffmpegVersion)
    {
        Definition = definition;
        Visual = definition.Visual.Kind switch
        {
            VisualEncoderSettings.Beit => BeitVisualEncoder.OpenInput(models.Visual, definition.Visual.Batch),
            VisualEncoderSettings.Rehearsal => new RehearsalEncoder.Input(definition.Visual.Batch),
            _ => new FaceExpressionEncoder.Input(),
        };
        Audio = definition.Audio.Encoder is { } audio ? WavLmAudioEncoder.OpenInput(models.Audio, audio) : null;
        Key = EncoderIdentity.OfDecoding(definition, models, ffmpegVersion);
        Detector = models.Detector is { } detector ? new FaceDetector(detector) : null;
    }

    /// <summary>The pipeline.</summary>
    public PipelineDefinition Definition { get; }

    /// <summary>The face detector, shared by all decoders of the process; null for pipelines that detect no faces.</summary>
    public FaceDetector? Detector { get; }

    /// <summary>How pictures become the visual encoder's input.</summary>
    public VisualInput Visual { get; }

    /// <summary>How audio tracks become the audio encoder's input; null without one.</summary>
    public AudioInput? Audio { get; }

    /// <summary>What decoded bytes depend on beside the video: nodes decode alike where it is the same.</summary>
    public string Key { get; }

    /// <summary>Loads what decoding needs.</summary>
    /// <param name="definition">The pipeline.</param>
    /// <param name="folder">The pipeline file's folder.</param>
    /// <param name="settings">Where models are.</param>
    /// <param name="ffmpegVersion">Decoded bytes depend on it.</param>
    /// <exception cref="EnvironmentFaultException">A detector or an encoder's configuration is missing or damaged.</exception>
    public static DecodeAssets Load(PipelineDefinition definition, string folder, InferenceSettings settings, string ffmpegVersion)
    {
        try
        {
            return new DecodeAssets(definition, new PipelineModels(definition, folder, settings), ffmpegVersion);
        }
        catch (Exception e) when (e is CheckpointFormatException or IOException or UnauthorizedAccessException)
        {
            throw new EnvironmentFaultException(
                "models",
                $"A model of pipeline '{definition.Name}' is not where this node looks for it: {e.Message}",
                "Decoding needs the face detector and each encoder's *.json files, though not its weights: put them there, or name another folder with --models.",
                e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Detector?.Dispose();
}
