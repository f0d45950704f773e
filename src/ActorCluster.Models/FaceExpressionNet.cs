using System.Collections.Immutable;
using ActorCluster.Core;
using ActorCluster.Core.Faults;
using ActorCluster.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace ActorCluster.Models;

/// <summary>
/// face-api's FaceExpressionNet through ONNX Runtime: seven expressions and a feature vector per face crop. Every forward pass has the one
/// shape that the constructor fixes, so that a row's result does not depend on its neighbours or its place; a partial batch is padded with
/// zeros. One instance per thread.
/// </summary>
public sealed class FaceExpressionNet : IDisposable
{
    /// <summary>The side of a face crop in pixels.</summary>
    public const int InputSize = 112;

    /// <summary>Floats per face crop: three colour planes.</summary>
    public const int InputWidth = 3 * InputSize * InputSize;

    /// <summary>Features per face.</summary>
    public const int FeatureWidth = 256;

    /// <summary>Logits per face, one for each of <see cref="Classes"/>.</summary>
    public const int LogitWidth = 7;

    private const string Stage = "encode";

    private readonly InferenceSession _session;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _runOptions = new();
    private readonly List<OrtValue> _tensors = [];
    private readonly float[] _pixels;
    private readonly float[] _logits;
    private readonly float[] _features;

    /// <summary>Loads the network for one batch size.</summary>
    /// <param name="modelPath">The ONNX file.</param>
    /// <param name="batch">Rows in every forward pass, at least 1.</param>
    /// <exception cref="EnvironmentFaultException">The file is missing, damaged, or another model.</exception>
    public FaceExpressionNet(string modelPath, int batch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        Batch = batch;

        // Higher levels fuse convolutions differently and move logits by up to 0.08.
        _session = OnnxSessions.Open(Stage, modelPath, GraphOptimizationLevel.ORT_ENABLE_BASIC);
        try
        {
            OnnxSessions.Require(Stage, modelPath, _session.InputMetadata, "rgb", 0, 3, InputSize, InputSize);
            OnnxSessions.Require(Stage, modelPath, _session.OutputMetadata, "logits", 0, LogitWidth);
            OnnxSessions.Require(Stage, modelPath, _session.OutputMetadata, "features", 0, FeatureWidth);
        }
        catch
        {
            _session.Dispose();
            throw;
        }

        _binding = _session.CreateIoBinding();
        (_pixels, var pixels) = Tensor(3, InputSize, InputSize);
        (_logits, var logits) = Tensor(LogitWidth);
        (_features, var features) = Tensor(FeatureWidth);
        _binding.BindInput("rgb", pixels);
        _binding.BindOutput("logits", logits);
        _binding.BindOutput("features", features);
    }

    /// <summary>The classes that the network tells apart, in the order of its logits. It knows no <see cref="Expression.Other"/>.</summary>
    public static ImmutableArray<Expression> Classes { get; } =
    [
        Expression.Neutral, Expression.Happiness, Expression.Sadness, Expression.Anger, Expression.Fear, Expression.Disgust, Expression.Surprise,
    ];

    /// <summary>The version of ONNX Runtime that computes, such as <c>1.31.1</c>.</summary>
    public static string RuntimeVersion => OrtEnv.Instance().GetVersionString();

    /// <summary>Rows in every forward pass.</summary>
    public int Batch { get; }

    /// <summary>Judges up to <see cref="Batch"/> faces in one forward pass.</summary>
    /// <param name="pixels">Face crops by colour plane, [<paramref name="count"/>, 3, 112, 112], RGB, values 0 to 255.</param>
    /// <param name="count">The number of faces, 1 to <see cref="Batch"/>.</param>
    /// <param name="logits">Receives the logits in the order of <see cref="Classes"/>, [<paramref name="count"/>, 7].</param>
    /// <param name="features">Receives the features, [<paramref name="count"/>, 256].</param>
    /// <exception cref="ArgumentException">A span's length does not fit the count.</exception>
    /// <exception cref="EnvironmentFaultException">ONNX Runtime failed, for instance for want of memory.</exception>
    public void Encode(ReadOnlySpan<float> pixels, int count, Span<float> logits, Span<float> features)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Batch);
        RequireLength(pixels.Length, count, InputWidth, nameof(pixels));
        RequireLength(logits.Length, count, LogitWidth, nameof(logits));
        RequireLength(features.Length, count, FeatureWidth, nameof(features));
        pixels.CopyTo(_pixels);
        _pixels.AsSpan(pixels.Length).Clear();
        try
        {
            _session.RunWithBinding(_runOptions, _binding);
        }
        catch (OnnxRuntimeException e)
        {
            throw new EnvironmentFaultException(Stage, $"The expression network failed: {e.Message}", "Check the machine's free memory and try again.", e);
        }

        _logits.AsSpan(0, logits.Length).CopyTo(logits);
        _features.AsSpan(0, features.Length).CopyTo(features);
    }

    /// <summary>Releases the model and its buffers.</summary>
    public void Dispose()
    {
        _binding.Dispose();
        _runOptions.Dispose();
        _tensors.ForEach(tensor => tensor.Dispose());
        _session.Dispose();
    }

    private static void RequireLength(int actual, int count, int width, string name)
    {
        if (actual != count * width)
        {
            throw new ArgumentException($"{actual} floats are not {count} rows of {width}.", name);
        }
    }

    private (float[] Buffer, OrtValue Tensor) Tensor(params ReadOnlySpan<int> row)
    {
        var width = 1;
        foreach (var length in row)
        {
            width *= length;
        }

        var buffer = GC.AllocateArray<float>(checked(Batch * width), pinned: true);
        var tensor = OrtValue.CreateTensorValueFromMemory(buffer, [Batch, .. row.ToArray().Select(length => (long)length)]);
        _tensors.Add(tensor);
        return (buffer, tensor);
    }
}
