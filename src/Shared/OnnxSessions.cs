using ActorCluster.Core.Faults;
using Microsoft.ML.OnnxRuntime;

namespace ActorCluster.Onnx;

/// <summary>
/// Opens ONNX models the one way this code base runs them: on the calling thread alone, silent, with fixed shapes. Compiled into each
/// assembly that needs it, because those assemblies must not depend on each other.
/// </summary>
internal static class OnnxSessions
{
    /// <summary>Opens a model.</summary>
    /// <param name="stage">The stage that a fault names, such as <c>faces</c>.</param>
    /// <param name="modelPath">The ONNX file.</param>
    /// <param name="level">How far the graph may be rewritten.</param>
    /// <exception cref="EnvironmentFaultException">The file is missing, unreadable or no ONNX model.</exception>
    public static InferenceSession Open(string stage, string modelPath, GraphOptimizationLevel level)
    {
        if (!File.Exists(modelPath))
        {
            throw new EnvironmentFaultException(
                stage,
                $"The model file '{modelPath}' does not exist.",
                "Restore it from the repository, or correct the path in the pipeline file.");
        }

        try
        {
            using var options = new SessionOptions
            {
                GraphOptimizationLevel = level,
                ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
                IntraOpNumThreads = 1,
                InterOpNumThreads = 1,
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
            };
            options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
            options.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
            return new InferenceSession(modelPath, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw Damaged(stage, modelPath, "cannot be read as an ONNX model", e);
        }
    }

    /// <summary>Checks that a model has a float tensor of the expected name and shape among its inputs or outputs.</summary>
    /// <param name="stage">The stage that a fault names.</param>
    /// <param name="modelPath">The ONNX file, for the fault's text.</param>
    /// <param name="tensors">The model's inputs or outputs.</param>
    /// <param name="name">The tensor's name.</param>
    /// <param name="shape">Its shape; 0 stands for a dimension that may also be free in the model.</param>
    /// <exception cref="EnvironmentFaultException">The file is another model.</exception>
    public static void Require(
        string stage, string modelPath, IReadOnlyDictionary<string, NodeMetadata> tensors, string name, params ReadOnlySpan<int> shape)
    {
        if (!tensors.TryGetValue(name, out var tensor) || !tensor.IsTensor || tensor.ElementType != typeof(float) || !Matches(tensor.Dimensions, shape))
        {
            var wanted = string.Join(", ", shape.ToArray().Select(length => length == 0 ? "N" : $"{length}"));
            throw Damaged(stage, modelPath, $"has no float tensor '{name}' of shape [{wanted}]", null);
        }
    }

    private static bool Matches(int[] actual, ReadOnlySpan<int> expected)
    {
        if (actual.Length != expected.Length)
        {
            return false;
        }

        for (var i = 0; i < actual.Length; i++)
        {
            if (expected[i] != 0 && actual[i] != expected[i])
            {
                return false;
            }
        }

        return true;
    }

    private static EnvironmentFaultException Damaged(string stage, string modelPath, string what, Exception? inner) => new(
        stage,
        $"The model file '{modelPath}' {what}{(inner is null ? "." : $": {inner.Message}")}",
        "Restore it from the repository, or name the right file in the pipeline file.",
        inner);
}
