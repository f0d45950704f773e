using ActorCluster.Core.Faults;
using ActorCluster.Models;
using ActorCluster.Models.Beit;
using ActorCluster.Models.Torch;

namespace ActorCluster.Processing.Inference;

/// <summary>
/// One forward pass of a real network that comes with the program: what shows that a node computes, before any run needs it. On a GPU it is BEiT's; on a CPU that of
/// <c>lite</c>'s network, because libtorch would take 80 MB that a node may never need.
/// </summary>
internal static class ForwardPass
{
    private const string Stage = "device";

    /// <summary>Runs it, on the calling thread.</summary>
    /// <param name="settings">The device, and its threads.</param>
    /// <param name="models">The folder of the models that come with the program.</param>
    /// <exception cref="EnvironmentFaultException">The device, a library or a model is not to be had, or what came out is no result.</exception>
    public static void Try(InferenceSettings settings, string models)
    {
        if (settings.IsCpu)
        {
            TryFaceExpressionNet(Path.Combine(models, "face-expression-net.onnx"));
        }
        else
        {
            TryBeit(settings, Path.Combine(models, "sample", "beit"));
        }
    }

    /// <summary>The same by BEiT, whatever the device.</summary>
    public static void TryBeit(InferenceSettings settings, string model)
    {
        TorchRuntime.UseThreads(settings.Threads);
        using var encoder = BeitEncoder.Load(model, settings.TorchDevice, EncoderPrecision.Float32, batch: 1);
        var pooled = new float[encoder.FeatureWidth];
        encoder.Encode(new float[encoder.InputWidth], 1, pooled);
        Require(pooled, settings.Device);
    }

    private static void TryFaceExpressionNet(string model)
    {
        using var net = new FaceExpressionNet(model, batch: 1);
        var (logits, features) = (new float[FaceExpressionNet.LogitWidth], new float[FaceExpressionNet.FeatureWidth]);
        net.Encode(new float[FaceExpressionNet.InputWidth], 1, logits, features);
        Require(logits, "cpu");
    }

    private static void Require(float[] result, string device)
    {
        if (!Array.TrueForAll(result, float.IsFinite) || Array.TrueForAll(result, v => v == 0))
        {
            throw new EnvironmentFaultException(Stage, $"A forward pass on {device} gave numbers that are no result.", "Check the device and its driver, and start the node again.");
        }
    }
}
