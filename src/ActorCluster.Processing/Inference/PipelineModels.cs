using ActorCluster.Core.Faults;
using ActorCluster.Core.Pipelines;
using ActorCluster.Models.Checkpoints;

namespace ActorCluster.Processing.Inference;

/// <summary>The files and folders that a pipeline's models are in, and hashes of what is in them.</summary>
internal sealed class PipelineModels
{
    private readonly Lazy<string> _visualHash;
    private readonly Lazy<string> _audioHash;
    private readonly Lazy<string> _fusionHash;

    /// <summary>Finds a pipeline's models.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="folder">The pipeline file's folder.</param>
    /// <param name="settings">Where models are and what they run on.</param>
    public PipelineModels(PipelineDefinition pipeline, string folder, InferenceSettings settings)
    {
        string Find(string model) => ModelPath.Resolve(model, folder, settings.ModelsFolder);
        Detector = pipeline.Faces.Source == FaceSource.Detect ? Find(pipeline.Faces.Model) : null;
        Visual = pipeline.Visual.Kind == VisualEncoderSettings.Rehearsal ? "" : Find(pipeline.Visual.Model);
        Audio = pipeline.Audio.Encoder is { } audio ? Find(audio.Model) : "";
        Fusion = pipeline.Fusion is { } fusion ? Find(fusion.Checkpoint) : "";
        HardwareClass = settings.IsCpu ? EncoderIdentity.HardwareClass : EncoderIdentity.GpuClass(settings.TorchDevice);
        Threads = settings.IsCpu ? settings.Threads : 0;
        _visualHash = new(() => Hash(Visual));
        _audioHash = new(() => Hash(Audio));
        _fusionHash = new(() => Hash(Fusion));
    }

    /// <summary>The face detector's file; null when faces are not detected.</summary>
    public string? Detector { get; }

    /// <summary>The visual encoder's file or folder; empty for none.</summary>
    public string Visual { get; }

    /// <summary>The audio encoder's folder; empty for none.</summary>
    public string Audio { get; }

    /// <summary>The fusion network's folder; empty for none.</summary>
    public string Fusion { get; }

    /// <summary>The kind of processor; results of different kinds are never mixed in one run.</summary>
    public string HardwareClass { get; }

    /// <summary>CPU threads of each encoder, which last bits depend on; 0 on a GPU.</summary>
    public int Threads { get; }

    /// <summary>The hash of the visual encoder's file or folder.</summary>
    public string VisualHash => _visualHash.Value;

    /// <summary>The hash of the audio encoder's folder.</summary>
    public string AudioHash => _audioHash.Value;

    /// <summary>The hash of the fusion network's folder.</summary>
    public string FusionHash => _fusionHash.Value;

    /// <summary>Sizes and times of all files, which change with their content; of what is not there, nothing.</summary>
    public string Stamp => string.Join('\n', new[] { Detector ?? "", Visual, Audio, Fusion }.Select(StampOf));

    private static string StampOf(string path)
    {
        try
        {
            FileInfo[] files = path.Length == 0 ? [] : Directory.Exists(path) ? new DirectoryInfo(path).GetFiles() : [new FileInfo(path)];
            return string.Join('\n', files.OrderBy(f => f.FullName, StringComparer.Ordinal).Select(f => $"{f.FullName} {f.Length} {f.LastWriteTimeUtc.Ticks}").Prepend(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return path; // Whoever loads it tells what is wrong.
        }
    }

    private static string Hash(string path)
    {
        try
        {
            return CheckpointHash.Of(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CheckpointFormatException)
        {
            throw new EnvironmentFaultException("models", $"The model in '{path}' cannot be read: {e.Message}", "Put the checkpoint there, or name another folder with --models or in the pipeline file.", e);
        }
    }
}
