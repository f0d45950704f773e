using TorchSharp;
using static TorchSharp.torch;

namespace ActorCluster.Models.Beit;

/// <summary>
/// What a forward pass writes to, of which every thread has its own: the images, and on a CPU the two large intermediate results of a layer, at one place for all
/// layers and batches. Memory freed and asked for anew is handed out page by page, which costs as much as 5 % of a matrix product; GPU memory is kept by libtorch.
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
        if (device.type == DeviceType.CUDA)
        {
            // A GPU fetches from locked pages by itself; others are copied first.
            using var pageable = Pixels;
            Pixels = pageable.pin_memory().DetachFromDisposeScope();
            return;
        }

        Projected = torch.zeros([rows, 3L * config.HiddenSize], type, device).DetachFromDisposeScope();
        Expanded = torch.zeros([rows, config.IntermediateSize], type, device).DetachFromDisposeScope();
    }

    /// <summary>Images <c>[B, 3, S, S]</c> in float32, on the CPU.</summary>
    public Tensor Pixels { get; }

    /// <summary>Queries, keys and values <c>[B N, 3 D]</c>; null on a GPU.</summary>
    public Tensor? Projected { get; }

    /// <summary>The feed-forward network's inner activations <c>[B N, intermediate size]</c>; null on a GPU.</summary>
    public Tensor? Expanded { get; }

    public void Dispose()
    {
        Pixels.Dispose();
        Projected?.Dispose();
        Expanded?.Dispose();
    }
}
