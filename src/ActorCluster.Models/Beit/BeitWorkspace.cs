using TorchSharp;
using static TorchSharp.torch;

namespace ActorCluster.Models.Beit;

/// <summary>
/// What a forward pass writes to, of which every thread has its own: the images, and the two large intermediate results of a layer, at one place for all
/// layers and batches. Memory freed and asked for anew is handed out page by page, which costs as much as 5 % of a matrix product.
/// </summary>
internal sealed class BeitWorkspace : IDisposable
{
    /// <param name="config">The architecture.</param>
    /// <param name="batch">Images in every forward pass, B.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="type">The type of the matrix products.</param>
    public BeitWorkspace(BeitConfig config, int batch, Device device, ScalarType type)
    {
        var rows = (long)batch * config.TokenCount;
        Pixels = torch.zeros([batch, 3, config.ImageSize, config.ImageSize], ScalarType.Float32).DetachFromDisposeScope();
        Projected = torch.zeros([rows, 3L * config.HiddenSize], type, device).DetachFromDisposeScope();
        Expanded = torch.zeros([rows, config.IntermediateSize], type, device).DetachFromDisposeScope();
    }

    /// <summary>Images <c>[B, 3, S, S]</c> in float32, on the CPU.</summary>
    public Tensor Pixels { get; }

    /// <summary>Queries, keys and values <c>[B N, 3 D]</c>.</summary>
    public Tensor Projected { get; }

    /// <summary>The feed-forward network's inner activations <c>[B N, intermediate size]</c>.</summary>
    public Tensor Expanded { get; }

    public void Dispose()
    {
        Pixels.Dispose();
        Projected.Dispose();
        Expanded.Dispose();
    }
}
