using ActorCluster.Core.Faults;
using ActorCluster.Models;
using ActorCluster.Models.Beit;
using ActorCluster.Models.Torch;

namespace ActorCluster.Processing.Inference;

/// <summary>One forward pass of a real network on a node's device: what shows that it computes, before any run needs it.</summary>
internal static class ForwardPass
{
    /// <summary>The small BEiT that comes with the program.</summary>
    public static string ShippedModel { get; } = Path.Combine(AppContext.BaseDirectory, "configs", "models", "sample", "beit");

    /// <summary>Runs it, on the calling thread.</summary>
    /// <param name="settings">The device, and its threads.</param>
    /// <param name="model">The folder of a BEiT.</param>
    /// <exception cref="EnvironmentFaultException">libtorch, the device or the model is not to be had, or what came out is no result.</exception>
    public static void Try(InferenceSettings settings, string model)
    {
        TorchRuntime.UseThreads(settings.Threads);
        using var encoder = BeitEncoder.Load(model, settings.TorchDevice, EncoderPrecision.Float32, batch: 1);
        var pooled = new float[encoder.FeatureWidth];
        encoder.Encode(new float[encoder.InputWidth], 1, pooled);
        if (!Array.TrueForAll(pooled, float.IsFinite) || Array.TrueForAll(pooled, v => v == 0))
        {
            throw new EnvironmentFaultException("device", $"A forward pass on {settings.Device} gave numbers that are no result.", "Check the device and its driver, and restart the node.");
        }
    }
}
