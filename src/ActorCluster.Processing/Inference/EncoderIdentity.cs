using System.Globalization;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using System.Text;
using ActorCluster.Core.Pipelines;
using ActorCluster.Models;

namespace ActorCluster.Processing.Inference;

/// <summary>
/// The key of stored features: everything that may change a bit of them. Features under one key are interchangeable, whoever made them and when.
/// </summary>
internal static class EncoderIdentity
{
    /// <summary>Raised whenever a change of ours changes what is computed from the same input.</summary>
    public const int NumericVersion = 1;

    /// <summary>The instruction set that kernels are chosen by; results of different classes are never mixed in one run.</summary>
    public static string HardwareClass =>
        Avx512F.IsSupported ? "cpu-x64-avx512" : Avx2.IsSupported ? "cpu-x64-avx2" : X86Base.IsSupported ? "cpu-x64" : ArmBase.IsSupported ? "cpu-arm64" : "cpu";

    /// <summary>The key, lower-case hex.</summary>
    public static string Hash(PipelineDefinition pipeline, string detectorModel, string encoderModel, string ffmpegVersion)
    {
        var identity = new StringBuilder();
        void Add(string name, FormattableString value) => identity.Append(name).Append('=').Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');

        Add("numeric", $"{NumericVersion}");
        Add("hardware", $"{HardwareClass}");
        Add("ffmpeg", $"{ffmpegVersion}");
        Add("onnxruntime", $"{FaceExpressionNet.RuntimeVersion}");
        Add("chunk", $"{pipeline.ChunkSeconds:R}");
        Add("frames", $"{pipeline.Frames.MaxLongSide}");
        Add("detector", $"{FileHash(detectorModel)}");
        Add("faces", $"{pipeline.Faces.MinScore:R} {pipeline.Faces.SmallestFace:R} {pipeline.Faces.CropScale:R} {pipeline.Faces.CropShiftUp:R}");
        Add("encoder", $"{pipeline.Visual.Kind} {FileHash(encoderModel)} batch {pipeline.Visual.Batch}");
        Add("audio", $"level per 320 samples of mono 16 kHz");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity.ToString())));
    }

    private static string FileHash(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
