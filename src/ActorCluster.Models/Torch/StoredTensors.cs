using ActorCluster.Storage;
using static TorchSharp.torch;

namespace ActorCluster.Models.Torch;

/// <summary>Tensors on their way to safetensors files.</summary>
internal static class StoredTensors
{
    /// <summary>The values of a float32 tensor on any device, copied, in the order of its rows. Temporaries belong to the caller's dispose scope.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="name">Its name in the file.</param>
    public static TensorData ToData(this Tensor tensor, string name) =>
        TensorData.Create<float>(name, TensorType.F32, tensor.detach().cpu().contiguous().data<float>().ToArray(), tensor.shape);
}
