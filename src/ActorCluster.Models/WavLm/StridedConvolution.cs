using ActorCluster.Models.Torch;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ActorCluster.Models.WavLm;

/// <summary>
/// A convolution over time of rows of channels. With stride s, the rows t*s to t*s+s-1 lie side by side in memory, so the taps of the kernel are taken s at a
/// time: each such part is one matrix product over a view of the input, and nothing is copied.
/// </summary>
internal sealed class StridedConvolution : IDisposable
{
    private readonly int stride;
    private readonly long kernel;
    private readonly Tensor[] parts;
    private readonly Tensor? bias;

    /// <param name="weight">The weight <c>[outputs, inputs, kernel]</c>.</param>
    /// <param name="bias">The bias <c>[outputs]</c>, or null.</param>
    /// <param name="stride">The stride, at most the kernel.</param>
    /// <param name="device">Where it computes.</param>
    /// <param name="type">The type it computes in.</param>
    public StridedConvolution(Tensor weight, Tensor? bias, int stride, Device device, ScalarType type)
    {
        using var scope = torch.NewDisposeScope();
        this.stride = stride;
        kernel = weight.shape[2];
        this.bias = bias is null ? null : Affine.Keep(bias, device, type);
        parts = [.. from at in Enumerable.Range(0, (int)((kernel + stride - 1) / stride))
                    let taps = weight[TensorIndex.Colon, TensorIndex.Colon, TensorIndex.Slice(at * stride, Math.Min((at + 1) * stride, kernel))]
                    select Affine.Keep(taps.transpose(1, 2).flatten(1), device, type)];
    }

    /// <summary>Rows <c>[(n-1) * stride + kernel, inputs]</c> of any type to <c>[n, outputs]</c>.</summary>
    public Tensor Apply(Tensor rows)
    {
        using var scope = torch.NewDisposeScope();
        var input = rows.to(parts[0].dtype).contiguous();
        var count = ((input.shape[0] - kernel) / stride) + 1;
        var step = stride * input.shape[1];
        var sum = functional.linear(View(0), parts[0], bias);
        for (var i = 1; i < parts.Length; i++)
        {
            sum = sum.addmm_(View(i), parts[i].t(), 1, 1);
        }

        return sum.MoveToOuterDisposeScope();

        Tensor View(int part) => input.as_strided([count, parts[part].shape[1]], [step, 1], input.storage_offset() + (part * step));
    }

    public void Dispose()
    {
        bias?.Dispose();
        foreach (var part in parts)
        {
            part.Dispose();
        }
    }
}
