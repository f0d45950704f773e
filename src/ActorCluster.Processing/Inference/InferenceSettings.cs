using ActorCluster.Core.Faults;
using ActorCluster.Models.Torch;

namespace ActorCluster.Processing.Inference;

/// <summary>Where a node's models are and what they run on.</summary>
/// <param name="ModelsFolder">The folder of models that pipelines name without a path; null for none.</param>
/// <param name="Device"><c>cpu</c>, or <c>cuda:N</c>.</param>
/// <param name="Threads">CPU threads of each encoder's forward passes, at least 1. Last bits depend on it, so it is part of what features are stored under.</param>
public sealed record InferenceSettings(string? ModelsFolder = null, string Device = "cpu", int Threads = 1)
{
    /// <summary>Whether forward passes run on the CPU.</summary>
    public bool IsCpu => !TorchDevice.IsCuda;

    internal TorchDevice TorchDevice => TorchDevice.Parse(Device);

    /// <summary>Makes sure, at start, that a GPU which was asked for is there and computes.</summary>
    /// <exception cref="EnvironmentFaultException">It is not.</exception>
    public void RequireDevice()
    {
        if (!IsCpu)
        {
            TorchDevice.Require();
        }
    }
}
