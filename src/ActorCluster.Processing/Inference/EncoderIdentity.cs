using System.Globalization;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using System.Text;
using ActorCluster.Core.Pipelines;
using ActorCluster.Models;
using ActorCluster.Models.Checkpoints;
using ActorCluster.Models.Preprocessing;
using ActorCluster.Models.Torch;

namespace ActorCluster.Processing.Inference;

/// <summary>
/// The key of stored features: everything that may change a bit of them. Features under one key are interchangeable, whoever made them and when.
/// </summary>
internal static class EncoderIdentity
{
    /// <summary>Raised whenever a change of ours changes what is computed from the same input.</summary>
    public const int NumericVersion = 1;

    /// <summary>The instruction set that the CPU's kernels are chosen by; results of different classes are never mixed in one run.</summary>
    public static string HardwareClass =>
        Avx512F.IsSupported ? "cpu-x64-avx512" : Avx2.IsSupported ? "cpu-x64-avx2" : X86Base.IsSupported ? "cpu-x64" : ArmBase.IsSupported ? "cpu-arm64" : "cpu";

    /// <summary>The kind of GPU, as the driver names it.</summary>
    public static string GpuClass(TorchDevice device)
    {
        const string Gpus = "/proc/driver/nvidia/gpus";
        const string Model = "Model:";
        var models = (Directory.Exists(Gpus) ? Directory.GetDirectories(Gpus) : [])
            .SelectMany(gpu => File.ReadLines(Path.Combine(gpu, "information")))
            .Where(line => line.StartsWith(Model, StringComparison.Ordinal))
            .Select(line => line[Model.Length..].Trim())
            .Distinct()
            .Order(StringComparer.Ordinal);
        // A host's GPUs are of one model as a rule; where they are not, runs on it do not mix with runs elsewhere.
        return $"{(device.IsCuda ? "cuda" : "cpu")}: {string.Join(", ", models)}";
    }

    /// <summary>The key of the visual features, 64 lower-case hexadecimal digits.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="models">Its models.</param>
    /// <param name="ffmpegVersion">Decoding is part of what the features depend on.</param>
    public static string OfVisual(PipelineDefinition pipeline, PipelineModels models, string ffmpegVersion) => Key(models, add =>
    {
        add("ffmpeg", $"{ffmpegVersion}");
        add("onnxruntime", $"{FaceExpressionNet.RuntimeVersion}");
        add("chunk", $"{pipeline.ChunkSeconds:R}");
        add("frames", $"{pipeline.Frames.MaxLongSide}");
        if (models.Detector is { } detector)
        {
            add("detector", $"{CheckpointHash.Of(detector)}");
            add("faces", $"{pipeline.Faces.MinScore:R} {pipeline.Faces.SmallestFace:R} {pipeline.Faces.CropScale:R} {pipeline.Faces.CropShiftUp:R}");
        }
        else
        {
            add("faces", $"{pipeline.Faces.Source}");
        }

        var visual = pipeline.Visual;
        if (visual.Kind == VisualEncoderSettings.Beit)
        {
            add("encoder", $"{visual.Kind} {models.VisualHash} batch {visual.Batch} {visual.Precision}");
            add("torch", $"{TorchRuntime.Version} threads {models.Threads}");
        }
        else
        {
            add("encoder", visual.Kind == VisualEncoderSettings.Rehearsal ? $"{visual.Kind}" : (FormattableString)$"{visual.Kind} {models.VisualHash} batch {visual.Batch}");
            add("audio", $"level per 320 samples of mono 16 kHz");
        }
    });

    /// <summary>The kind of machine that decodes: two of one kind decode alike.</summary>
    /// <param name="ffmpegVersion">Its ffmpeg.</param>
    public static string DecodeClass(string ffmpegVersion) => $"{HardwareClass}, ffmpeg {ffmpegVersion}, ONNX Runtime {FaceExpressionNet.RuntimeVersion}, arithmetic {NumericVersion}";

    /// <summary>What decoded bytes depend on beside the video: the whole pipeline file, the detector, how pictures are prepared, and the machine.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="models">Its models.</param>
    /// <param name="ffmpegVersion">The machine's ffmpeg.</param>
    public static string OfDecoding(PipelineDefinition pipeline, PipelineModels models, string ffmpegVersion) => Key(
    [
        DecodeClass(ffmpegVersion),
        PipelineFile.Hash(pipeline),
        models.Detector is { } detector ? CheckpointHash.Of(detector) : null,
        pipeline.Visual.Kind == VisualEncoderSettings.Beit ? CheckpointHash.Of(Path.Combine(models.Visual, ImagePreprocessing.FileName)) : null,
    ]);

    /// <summary>The key of the audio features and levels, 64 lower-case hexadecimal digits.</summary>
    /// <param name="audio">The pipeline's audio encoder.</param>
    /// <param name="models">The pipeline's models.</param>
    /// <param name="ffmpegVersion">Decoding is part of what the features depend on.</param>
    public static string OfAudio(AudioEncoderSettings audio, PipelineModels models, string ffmpegVersion) => Key(models, add =>
    {
        add("ffmpeg", $"{ffmpegVersion}");
        add("torch", $"{TorchRuntime.Version} threads {models.Threads}");
        add("encoder", $"{audio.Kind} {models.AudioHash} batch {audio.Batch} {audio.Precision} layers {string.Join(' ', audio.Layers)}");
        add("grid", $"{audio.SegmentSeconds:R} {audio.ContextSeconds:R}");
    });

    /// <summary>What window probabilities depend on beside features and pipeline file, 64 lower-case hexadecimal digits.</summary>
    /// <param name="models">The pipeline's models.</param>
    public static string OfFusion(PipelineModels models) => Key(models, add =>
    {
        add("torch", $"{TorchRuntime.Version}");
        add("fusion", $"{models.FusionHash}");
    });

    /// <summary>SHA-256 of what some texts say, one after the other.</summary>
    public static string Key(IEnumerable<string?> parts) => Key(add =>
    {
        foreach (var part in parts)
        {
            add("part", $"{part}");
        }
    });

    /// <summary>A key of what some models compute, which always depends on our arithmetic and on the processor.</summary>
    private static string Key(PipelineModels models, Action<Action<string, FormattableString>> describe) => Key(add =>
    {
        add("numeric", $"{NumericVersion}");
        add("hardware", $"{models.HardwareClass}");
        describe(add);
    });

    private static string Key(Action<Action<string, FormattableString>> describe)
    {
        var identity = new StringBuilder();
        describe((name, value) => identity.Append(name).Append('=').Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n'));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity.ToString())));
    }
}
