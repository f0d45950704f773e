using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ActorCluster.Models.Torch;

/// <summary>A linear map's or a norm's weight and bias, in the form and on the device where they are used.</summary>
/// <param name="Weight">The weight: <c>[outputs, inputs]</c> of a linear map, <c>[width]</c> of a norm.</param>
/// <param name="Bias">The bias, or null.</param>
internal sealed record Affine(Tensor Weight, Tensor? Bias) : IDisposable
{
    /// <summary>Reads the weight and the bias of a name; they belong to no dispose scope.</summary>
    public static Affine Read(CheckpointParameters parameters, string name, Device device, ScalarType type)
    {
        using var scope = torch.NewDisposeScope();
        return Keep(parameters.Read(name + ".weight"), parameters.Read(name + ".bias"), device, type);
    }

    /// <summary>Keeps a parameter pair, as <see cref="Keep(Tensor, Device, ScalarType)"/> does.</summary>
    public static Affine Keep(Tensor weight, Tensor? bias, Device device, ScalarType type) => new(Keep(weight, device, type), bias is null ? null : Keep(bias, device, type));

    /// <summary>
    /// The tensor in its last form, contiguous and of no dispose scope. Where it is in that form already, its memory is shared, not copied: it is not
    /// written any more.
    /// </summary>
    public static Tensor Keep(Tensor tensor, Device device, ScalarType type) => tensor.to(type, device).contiguous().DetachFromDisposeScope();

    /// <summary>The linear map of rows of any type; the result has the weight's type.</summary>
    public Tensor Linear(Tensor rows) => functional.linear(rows.to(Weight.dtype), Weight, Bias);

    /// <summary>The layer norm over the last dimension.</summary>
    public Tensor LayerNorm(Tensor rows, double epsilon) => functional.layer_norm(rows, Weight.shape, Weight, Bias, epsilon);

    public void Dispose()
    {
        Weight.Dispose();
        Bias?.Dispose();
    }
}
