using ActorCluster.Models.Torch;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ActorCluster.Models.WavLm;

/// <summary>
/// A transformer layer with gated relative position bias (WavLM, Chen et al. 2022, section III.A). The residual stream, the norms and the softmax are in
/// float32 whatever type the matrix products have.
/// </summary>
internal sealed class WavLmLayer : IDisposable
{
    private readonly WavLmConfig config;
    private readonly Affine attentionNorm;
    private readonly Affine finalNorm;
    private readonly Affine queryKeyValue;
    private readonly Affine attentionOutput;
    private readonly Affine intermediate;
    private readonly Affine output;
    private readonly Affine gate;
    private readonly Tensor gateConstant;

    public WavLmLayer(WavLmConfig config, CheckpointParameters parameters, int index, Device device, ScalarType type)
    {
        using var scope = torch.NewDisposeScope();
        this.config = config;
        var name = $"encoder.layers.{index}.";
        attentionNorm = Pair("layer_norm", ScalarType.Float32);
        finalNorm = Pair("final_layer_norm", ScalarType.Float32);
        queryKeyValue = Affine.Keep(Fused("weight"), Fused("bias"), device, type);
        attentionOutput = Pair("attention.out_proj", type);
        intermediate = Pair("feed_forward.intermediate_dense", type);
        output = Pair("feed_forward.output_dense", type);

        // The reference sums its eight outputs in two groups of four; summing the weights is the same.
        var gateWeight = parameters.Read(name + "attention.gru_rel_pos_linear.weight").view(2, 4, -1).sum(1);
        gate = Affine.Keep(gateWeight, parameters.Read(name + "attention.gru_rel_pos_linear.bias").view(2, 4).sum(1), device, ScalarType.Float32);
        gateConstant = Affine.Keep(parameters.Read(name + "attention.gru_rel_pos_const").view(-1), device, ScalarType.Float32);

        Affine Pair(string part, ScalarType partType) => Affine.Read(parameters, name + part, device, partType);
        Tensor Fused(string part) => parameters.ReadStacked([.. from letter in "qkv" select $"{name}attention.{letter}_proj.{part}"]);
    }

    /// <summary>The layer.</summary>
    /// <param name="hidden">Its input <c>[n, M, D]</c> in float32.</param>
    /// <param name="positionBias">The model's position bias <c>[H, M, M]</c>, on a GPU with room after each row.</param>
    /// <param name="keyMask"><c>[n, 1, 1, M]</c>: 0 for a key, minus infinity for a masked one; with the same room.</param>
    /// <returns>Its output, of the input's shape and type.</returns>
    public Tensor Apply(Tensor hidden, Tensor positionBias, Tensor keyMask)
    {
        using var scope = torch.NewDisposeScope();
        if (config.StableLayerNorm)
        {
            hidden = hidden + Attend(Norm(attentionNorm, hidden), positionBias, keyMask);
            return (hidden + FeedForward(Norm(finalNorm, hidden))).MoveToOuterDisposeScope();
        }

        hidden = Norm(attentionNorm, hidden + Attend(hidden, positionBias, keyMask));
        return Norm(finalNorm, hidden + FeedForward(hidden)).MoveToOuterDisposeScope();
    }

    /// <summary>The attention of <c>[n, M, D]</c> in float32, after its output projection.</summary>
    internal Tensor Attend(Tensor input, Tensor positionBias, Tensor keyMask)
    {
        var (items, count, heads) = (input.shape[0], input.shape[1], config.Heads);
        var parts = queryKeyValue.Linear(input).view(items, count, 3, heads, -1).permute(2, 0, 3, 1, 4);
        var bias = GatedBias(input, positionBias, keyMask);
        if (input.device_type == DeviceType.CUDA)
        {
            // The rest of each row is room. Only the CPU's kernel takes a float32 mask with bfloat16 queries.
            bias = bias.to(parts.dtype).narrow(3, 0, count);
        }

        var mixed = functional.scaled_dot_product_attention(parts[0], parts[1], parts[2], bias);
        return attentionOutput.Linear(mixed.transpose(1, 2).flatten(2));
    }

    /// <summary>
    /// What is added to the scores <c>[n, H, M, M]</c>: the position bias times a gate that each query computes from its part of the layer's input for each
    /// head, a (b c - 1) + 2 with a, b in (0, 1) and a learned c.
    /// </summary>
    private Tensor GatedBias(Tensor input, Tensor positionBias, Tensor keyMask)
    {
        var gates = gate.Linear(input.view(input.shape[0], input.shape[1], config.Heads, -1)).sigmoid_();
        var factor = gates.select(3, 1).mul(gateConstant).sub_(1).mul_(gates.select(3, 0)).add_(2);
        return keyMask.addcmul(factor.transpose(1, 2).unsqueeze(3), positionBias, 1);
    }

    private Tensor FeedForward(Tensor input) => output.Linear(functional.gelu(intermediate.Linear(input), inplace: true));

    private Tensor Norm(Affine norm, Tensor rows) => norm.LayerNorm(rows, config.LayerNormEpsilon);

    public void Dispose()
    {
        foreach (var part in (ReadOnlySpan<Affine>)[attentionNorm, finalNorm, queryKeyValue, attentionOutput, intermediate, output, gate])
        {
            part.Dispose();
        }

        gateConstant.Dispose();
    }
}
