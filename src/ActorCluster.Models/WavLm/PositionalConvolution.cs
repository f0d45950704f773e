using ActorCluster.Models.Torch;
using System.Numerics;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ActorCluster.Models.WavLm;

/// <summary>
/// The grouped convolution over time that tells the transformer where a token stands, with its GELU. The kernel is so long (128 tokens) that it is computed
/// by Fourier transforms of overlapping blocks (overlap-save; Oppenheim and Schafer, Discrete-Time Signal Processing, section 8.7), in float32 whatever the
/// encoder's precision: a tenth of the work.
/// </summary>
internal sealed class PositionalConvolution : IDisposable
{
    private const string Name = "encoder.pos_conv_embed.conv.";

    private readonly int kernel;
    private readonly int groups;
    private readonly int block;
    private readonly Tensor spectrum;
    private readonly Tensor bias;

    public PositionalConvolution(WavLmConfig config, CheckpointParameters parameters, Device device)
        : this(config, parameters.Read(Name + "weight_g"), parameters.Read(Name + "weight_v"), parameters.Read(Name + "bias"), device)
    {
    }

    /// <param name="config">The architecture.</param>
    /// <param name="g">The weight norm's gains <c>[1, 1, kernel]</c>.</param>
    /// <param name="v">The weight norm's directions <c>[outputs, inputs / groups, kernel]</c>.</param>
    /// <param name="bias">The bias <c>[outputs]</c>; kept, not copied.</param>
    /// <param name="device">Where to compute.</param>
    internal PositionalConvolution(WavLmConfig config, Tensor g, Tensor v, Tensor bias, Device device)
    {
        using var scope = torch.NewDisposeScope();
        kernel = config.PositionalKernel;
        groups = config.PositionalGroups;
        block = 2 * (int)BitOperations.RoundUpToPowerOf2((uint)kernel);
        long width = config.HiddenSize / groups;
        var weight = Weight(g, v);

        // [frequency, group, input, output]; conjugate, because a convolution of a network is a correlation.
        var transform = torch.fft.rfft(weight, block, 2).conj().resolve_conj();
        spectrum = Affine.Keep(transform.view(groups, width, width, -1).permute(3, 0, 2, 1), device, ScalarType.ComplexFloat32);
        this.bias = Affine.Keep(bias, device, ScalarType.Float32);
    }

    /// <summary>
    /// The weight <c>[outputs, inputs / groups, kernel]</c> of weight normalisation (Salimans and Kingma 2016): g v / |v|, with one norm for each position of
    /// the kernel.
    /// </summary>
    public static Tensor Weight(Tensor g, Tensor v)
    {
        var direction = v.to(ScalarType.Float64);
        var norm = direction.square().sum([0, 1], keepdim: true).sqrt_();
        return direction.mul(g).div_(norm).to(ScalarType.Float32);
    }

    /// <summary>Tokens <c>[n, M, D]</c> in float32 to what is added to them, of the same shape.</summary>
    public Tensor Apply(Tensor tokens)
    {
        using var scope = torch.NewDisposeScope();
        var (items, count, width) = (tokens.shape[0], tokens.shape[1], tokens.shape[2]);
        var hop = block - kernel + 1;
        var blocks = (count + hop - 1) / hop;
        var left = kernel / 2;
        var padded = functional.pad(tokens, [0, 0, left, ((blocks - 1) * hop) + block - left - count]);
        var input = torch.fft.rfft(padded.unfold(1, block, hop).contiguous(), block, 3).view(items * blocks, groups, width / groups, -1);
        var output = torch.matmul(input.permute(3, 1, 0, 2).contiguous(), spectrum);
        var values = torch.fft.irfft(output.permute(2, 1, 3, 0).contiguous(), block, 3)[TensorIndex.Ellipsis, TensorIndex.Slice(0, hop)];
        var rows = values.reshape(items, blocks, width, hop).transpose(2, 3).reshape(items, blocks * hop, width)[TensorIndex.Colon, TensorIndex.Slice(0, count)];
        return functional.gelu(rows.add(bias), inplace: true).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        spectrum.Dispose();
        bias.Dispose();
    }
}
