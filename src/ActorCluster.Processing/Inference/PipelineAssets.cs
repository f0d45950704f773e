using ActorCluster.Core.Faults;
using ActorCluster.Core.Pipelines;
using ActorCluster.Models;
using ActorCluster.Models.Beit;
using ActorCluster.Models.Checkpoints;
using ActorCluster.Models.Fusion;
using ActorCluster.Models.Torch;
using ActorCluster.Models.WavLm;
using ActorCluster.Processing.Decoding;
using ActorCluster.Storage;

namespace ActorCluster.Processing.Inference;

/// <summary>A pipeline ready to run on this machine: its definition, its models, and the keys of what they compute.</summary>
internal sealed class PipelineAssets : IDisposable
{
    /// <summary>The network is small, and its last bits depend on the number of threads: it is the same everywhere.</summary>
    private const int FusionThreads = 1;

    private const string Remedy = "Put the checkpoint there, or name another one with --models or in the pipeline file.";

    private readonly PipelineModels _models;
    private readonly InferenceSettings _settings;
    private readonly Lock _loading = new();
    private BeitEncoder? _beit;
    private WavLmEncoder? _wavLm;

    private PipelineAssets(PipelineDefinition definition, PipelineModels models, InferenceSettings settings, string ffmpegVersion)
    {
        (Definition, _models, _settings) = (definition, models, settings);
        Decoding = new DecodeAssets(definition, models, ffmpegVersion);
        EncoderHash = EncoderIdentity.OfVisual(definition, models, ffmpegVersion);
        AudioHash = definition.Audio.Encoder is { } encoder ? EncoderIdentity.OfAudio(encoder, models, ffmpegVersion) : null;
        FusionHash = definition.Fusion is null ? null : EncoderIdentity.OfFusion(models);
        Key = KeyOf(PipelineFile.Hash(definition), EncoderHash, AudioHash, FusionHash);
    }

    /// <summary>The pipeline.</summary>
    public PipelineDefinition Definition { get; }

    /// <summary>The key of the visual features in the store.</summary>
    public string EncoderHash { get; }

    /// <summary>The key of the audio features and levels in the store; null without an audio encoder, whose levels then go with the visual features.</summary>
    public string? AudioHash { get; }

    /// <summary>What window probabilities depend on beside features and pipeline file; null without a fusion network.</summary>
    public string? FusionHash { get; }

    /// <summary>What tells this pipeline with these models from any other.</summary>
    public string Key { get; }

    /// <summary>What decoding needs of it.</summary>
    public DecodeAssets Decoding { get; }

    /// <summary>How pictures become the visual encoder's input.</summary>
    public VisualInput Visual => Decoding.Visual;

    /// <summary>How audio tracks become the audio encoder's input; null without one.</summary>
    public AudioInput? Audio => Decoding.Audio;

    /// <summary>Loads a pipeline's models.</summary>
    /// <param name="definition">The pipeline.</param>
    /// <param name="folder">The pipeline file's folder.</param>
    /// <param name="settings">Where models are and what they run on.</param>
    /// <param name="ffmpegVersion">Decoding is part of what the features depend on.</param>
    /// <exception cref="EnvironmentFaultException">A model is missing or damaged or does not fit the others, or the device is not there.</exception>
    public static PipelineAssets Load(PipelineDefinition definition, string folder, InferenceSettings settings, string ffmpegVersion)
    {
        PipelineAssets? assets = null;
        try
        {
            assets = new PipelineAssets(definition, new PipelineModels(definition, folder, settings), settings, ffmpegVersion);
            assets.TryOut();
            return assets;
        }
        catch (Exception e) when (e is CheckpointFormatException or IOException or UnauthorizedAccessException)
        {
            assets?.Dispose();
            throw new EnvironmentFaultException("models", $"A model of pipeline '{definition.Name}' cannot be used: {e.Message}", Remedy, e);
        }
        catch
        {
            assets?.Dispose();
            throw;
        }
    }

    /// <summary>What tells a pipeline with its models from any other.</summary>
    public static string KeyOf(string pipelineHash, string encoderHash, string? audioHash, string? fusionHash) =>
        EncoderIdentity.Key([pipelineHash, encoderHash, audioHash, fusionHash]);

    /// <summary>Makes a visual encoder for the calling thread. The first call loads the weights, which all share.</summary>
    public IBatchEncoder<FaceBatch> CreateVisualEncoder()
    {
        var visual = Definition.Visual;
        if (visual.Kind == VisualEncoderSettings.Rehearsal)
        {
            return new RehearsalEncoder(visual.Batch, TimeSpan.FromSeconds(visual.BatchSeconds));
        }

        if (visual.Kind != VisualEncoderSettings.Beit)
        {
            return new FaceExpressionEncoder(new FaceExpressionNet(_models.Visual, visual.Batch));
        }

        // The thread's own setting, so also for those that load nothing.
        TorchRuntime.UseThreads(_settings.Threads);
        lock (_loading)
        {
            _beit ??= BeitEncoder.Load(_models.Visual, _settings.TorchDevice, EncoderPrecisions.Parse(visual.Precision), visual.Batch);
            return new BeitVisualEncoder(_beit.ForAnotherThread(), _models.Visual);
        }
    }

    /// <summary>Makes an audio encoder for the calling thread. The first call loads the weights, which all share.</summary>
    public IBatchEncoder<SegmentRequest> CreateAudioEncoder()
    {
        var audio = Definition.Audio.Encoder!;
        TorchRuntime.UseThreads(_settings.Threads);
        lock (_loading)
        {
            _wavLm ??= WavLmEncoder.Load(_models.Audio, _settings.TorchDevice, EncoderPrecisions.Parse(audio.Precision), audio.Batch, Audio!.Grid.InputSamples);
            return new WavLmAudioEncoder(_wavLm.ForAnotherThread(), _models.Audio, audio.Layers);
        }
    }

    /// <summary>Makes a head for the calling thread.</summary>
    public IWindowHead CreateHead() => Definition.Fusion is { } fusion
        ? new FusionWindowHead(new FusionClassifier(OpenFusion(), _settings.TorchDevice, fusion.Batch, FusionThreads))
        : Visual.LogitWidth == 0 ? new PriorWindowHead() : new LogitWindowHead(FaceExpressionNet.Classes, Definition.Head.Temperature);

    /// <summary>Frees the models; weights when the last encoder that has them is disposed too.</summary>
    public void Dispose()
    {
        Decoding.Dispose();
        lock (_loading)
        {
            _beit?.Dispose();
            _wavLm?.Dispose();
        }
    }

    /// <summary>One forward pass of a small network, and a look at the others, so that a damaged model stops the run before it starts.</summary>
    private void TryOut()
    {
        if (Definition.Visual.Kind == VisualEncoderSettings.FaceExpressionNet)
        {
            using var encoder = CreateVisualEncoder();
            encoder.Run(1);
        }

        if (Definition.Fusion is not null)
        {
            using var network = OpenFusion();
            Require("visual features", network.Config.VisualWidth, Visual.FeatureWidth);
            Require("audio features", network.Config.AudioWidth, Audio!.FeatureWidth);
            Require("a window", network.Config.WindowLength, Definition.Windows.Length);
        }
    }

    /// <summary>Which stored features are the pipeline's.</summary>
    public RunFeatures Features => new(
        new EncoderOrigin(EncoderHash, NameOf(Definition.Visual.Model, Definition.Visual.Kind), Definition.Visual.Kind == VisualEncoderSettings.Rehearsal ? Definition.Visual.Kind : _models.VisualHash),
        Visual.FeatureWidth,
        Visual.LogitWidth,
        Definition.Audio.Encoder is { } audio ? new EncoderOrigin(AudioHash!, NameOf(audio.Model, audio.Kind), _models.AudioHash) : null,
        Audio?.FeatureWidth ?? 0);

    private FusionNetwork OpenFusion() => FusionCheckpoint.Open(
        _models.Fusion,
        new TrainedEncoder(NameOf(Definition.Visual.Model, Definition.Visual.Kind), _models.VisualHash),
        new TrainedEncoder(NameOf(Definition.Audio.Encoder!.Model, Definition.Audio.Encoder.Kind), _models.AudioHash));

    /// <summary>The model's name where it has one of 1 to 256 characters, else what kind it is.</summary>
    private static string NameOf(string model, string kind) => model.Length is > 0 and <= 256 ? model : kind;

    private void Require(string what, int trained, int here)
    {
        if (trained != here)
        {
            throw new EnvironmentFaultException(
                "models", $"The fusion network in '{_models.Fusion}' was trained with {what} of length {trained}; pipeline '{Definition.Name}' has {here}.", "Name the checkpoint that belongs to this pipeline.");
        }
    }
}
