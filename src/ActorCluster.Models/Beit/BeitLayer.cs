using ActorCluster.Models.Torch;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ActorCluster.Models.Beit;

/// <summary>
/// A transformer layer: x += lambda_1 * attention(norm(x)), then x += lambda_2 * mlp(norm(x)). The residual stream, the norms, the softmax and the
/// position bias are in float32 whatever type the matrix products have.
/// </summary>
internal sealed class BeitLayer : IDisposable
{
    private readonly BeitConfig config;
    private readonly Affine normBefore;
    private readonly Affine queryKeyValue;
    private readonly Affine attentionOutput;
    private readonly Affine normAfter;
    private readonly Affine intermediate;
    private readonly Affine output;
    private readonly Tensor? positionBias;

    /// <param name="config">The architecture.</param>
    /// <param name="parameters">The filled parameters; this layer's are copied.</param>
    /// <param name="index">The layer's number from 0.</param>
    /// <param name="sharedBias">The bias <c>[H, N, N]</c> common to all layers, on the CPU, or null.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="type">The type of the matrix products.</param>
    public BeitLayer(BeitConfig config, BeitParameters parameters, int index, Tensor? sharedBias, Device device, ScalarType type)
    {
        using var scope = torch.NewDisposeScope();
        this.config = config;
        var name = $"encoder.layer.{index}.";
        const string Attention = "attention.attention.";
        normBefore = Pair("layernorm_before", ScalarType.Float32);
        normAfter = Pair("layernorm_after", ScalarType.Float32);
        intermediate = Pair("intermediate.dense", type);
        attentionOutput = Scaled("attention.output.dense", "lambda_1");
        output = Scaled("output.dense", "lambda_2");

        // The key projection has no bias.
        var queryBias = At(Attention + "query.bias");
        queryKeyValue = Affine.Copy(
            torch.cat([At(Attention + "query.weight"), At(Attention + "key.weight"), At(Attention + "value.weight")]),
            torch.cat([queryBias, torch.zeros_like(queryBias), At(Attention + "value.bias")]),
            device,
            type);
        var bias = config.HasRelativePositionBias ? BiasOf(config, At(Attention + "relative_position_bias.relative_position_bias_table")) : null;
        bias = bias is null ? sharedBias : sharedBias is null ? bias : bias + sharedBias;
        positionBias = bias is null ? null : Affine.Keep(bias.unsqueeze(0), device, ScalarType.Float32);

        Tensor At(string part) => parameters[name + part];
        Affine Pair(string part, ScalarType pairType) => Affine.Copy(At(part + ".weight"), At(part + ".bias"), device, pairType);

        // lambda * (W x + b) = (lambda W) x + lambda b: the scale costs nothing at run time.
        Affine Scaled(string part, string scale) => config.HasLayerScale
            ? Affine.Copy(At(part + ".weight") * At(scale).unsqueeze(1), At(part + ".bias") * At(scale), device, type)
            : Pair(part, type);
    }

    /// <summary>A relative position table spread over all pairs of tokens: <c>[H, N, N]</c>, query before key.</summary>
    public static Tensor BiasOf(BeitConfig config, Tensor table)
    {
        using var index = torch.tensor(RelativePositions.Index(config.Side));
        using var rows = table.index_select(0, index);
        return rows.t().reshape(config.Heads, config.TokenCount, config.TokenCount);
    }

    /// <summary>Applies the layer to the residual stream <c>[n, N, D]</c> in float32, in place.</summary>
    public void Apply(Tensor hidden)
    {
        using var scope = torch.NewDisposeScope();
        hidden.add_(Attend(hidden));
        hidden.add_(output.Linear(intermediate.Linear(normAfter.LayerNorm(hidden, config.LayerNormEpsilon)).gelu_()));
    }

    /// <summary>What attention adds to the residual stream <c>[n, N, D]</c>: its output times lambda_1.</summary>
    internal Tensor Attend(Tensor hidden)
    {
        using var scope = torch.NewDisposeScope();
        var (count, tokens, width) = (hidden.shape[0], hidden.shape[1], hidden.shape[2]);
        var projected = queryKeyValue.Linear(normBefore.LayerNorm(hidden, config.LayerNormEpsilon))
            .view(count, tokens, 3, config.Heads, width / config.Heads)
            .permute(2, 0, 3, 1, 4);
        var mixed = functional.scaled_dot_product_attention(projected[0], projected[1], projected[2], positionBias);
        return attentionOutput.Linear(mixed.transpose(1, 2).reshape(count, tokens, width)).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        normBefore.Dispose();
        queryKeyValue.Dispose();
        attentionOutput.Dispose();
        normAfter.Dispose();
        intermediate.Dispose();
        output.Dispose();
        positionBias?.Dispose();
    }
}
