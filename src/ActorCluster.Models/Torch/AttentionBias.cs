using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ActorCluster.Models.Torch;

/// <summary>What is added to attention's scores, in the form that the device's kernel takes.</summary>
internal static class AttentionBias
{
    // CUDA's kernels read whole groups of so many keys; a bias with other rows would be copied in every pass.
    private const long KeysAligned = 8;

    /// <summary>A bias <c>[..., keys]</c> that stays as it is, of no dispose scope.</summary>
    public static Tensor Keep(Tensor bias, Device device, ScalarType queries)
    {
        // Only the CPU's kernel takes a float32 bias with bfloat16 queries.
        return device.type == DeviceType.CUDA
            ? Affine.Keep(Align(bias), device, queries).narrow(-1, 0, bias.shape[^1]).DetachFromDisposeScope()
            : Affine.Keep(bias, device, ScalarType.Float32);
    }

    /// <summary>The bias with room after each row, so that rows begin where CUDA's kernels want them.</summary>
    public static Tensor Align(Tensor bias) => functional.pad(bias, [0, (KeysAligned - (bias.shape[^1] % KeysAligned)) % KeysAligned]);
}
