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
    /// <param name="parameters">The parameters, of which this layer's are read.</param>
    /// <param name="index">The layer's number from 0.</param>
    /// <param name="sharedBias">The bias <c>[H, N, N]</c> common to all layers, on the CPU, or null.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="type">The type of the matrix products.</param>
    public BeitLayer(BeitConfig config, CheckpointParameters parameters, int index, Tensor? sharedBias, Device device, ScalarType type)
    {
        using var scope = torch.NewDisposeScope();
        this.config = config;
        var name = $"encoder.layer.{index}.";
        const string Attention = "attention.attention.";
        normBefore = Pair("layernorm_before", ScalarType.Float32);
        normAfter = Pair("layernorm_after", ScalarType.Float32);
        intermediate = Pair("intermediate.dense", type);

        // Each row of the softmax sums to 1, so the values' bias passes through it: W (A v + b) = W A v + W b. Keys have no bias.
        var outputWeight = At("attention.output.dense.weight");
        var outputBias = At("attention.output.dense.bias") + torch.mv(outputWeight, At(Attention + "value.bias"));
        attentionOutput = Scaled(outputWeight, outputBias, "lambda_1");
        output = Scaled(At("output.dense.weight"), At("output.dense.bias"), "lambda_2");
        var stacked = parameters.ReadStacked($"{name}{Attention}query.weight", $"{name}{Attention}key.weight", $"{name}{Attention}value.weight");
        queryKeyValue = Affine.Keep(stacked, At(Attention + "query.bias"), device, type);
        var bias = config.HasRelativePositionBias ? BiasOf(config, At(Attention + "relative_position_bias.relative_position_bias_table")) : null;
        bias = bias is null ? sharedBias : sharedBias is null ? bias : bias + sharedBias;

        positionBias = bias is null ? null : AttentionBias.Keep(bias.unsqueeze(0), device, type);

        Tensor At(string part) => parameters.Read(name + part);
        Affine Pair(string part, ScalarType pairType) => Affine.Read(parameters, name + part, device, pairType);

        // lambda * (W x + b) = (lambda W) x + lambda b: the scale costs nothing at run time.
        Affine Scaled(Tensor weight, Tensor weightBias, string lambda)
        {
            if (config.HasLayerScale)
            {
                var scale = At(lambda);
                weight.mul_(scale.unsqueeze(1));
                weightBias.mul_(scale);
            }

            return Affine.Keep(weight, weightBias, device, type);
        }
    }

    /// <summary>Whether the weights were freed.</summary>
    internal bool IsDisposed => queryKeyValue.Weight.IsInvalid;

    /// <summary>A relative position table spread over all pairs of tokens: <c>[H, N, N]</c>, query before key.</summary>
    public static Tensor BiasOf(BeitConfig config, Tensor table)
    {
        using var index = torch.tensor(RelativePositions.Index(config.Side));
        using var rows = table.index_select(0, index);
        return rows.t().reshape(config.Heads, config.TokenCount, config.TokenCount);
    }

    /// <summary>Applies the layer to the residual stream <c>[B, N, D]</c> in float32, in place.</summary>
    public void Apply(Tensor hidden, BeitWorkspace workspace)
    {
        Attend(hidden, workspace);
        using var scope = torch.NewDisposeScope();
        var rows = Rows(hidden, normAfter);
        var expanded = workspace.Expanded?.copy_(intermediate.Bias!).addmm_(rows, intermediate.Weight.t(), 1, 1) ?? intermediate.Linear(rows);
        Add(hidden, expanded.gelu_(), output);
    }

    /// <summary>The layer's first half: adds attention's output, times lambda_1, to the residual stream.</summary>
    internal void Attend(Tensor hidden, BeitWorkspace workspace)
    {
        using var scope = torch.NewDisposeScope();
        var (count, tokens, width) = (hidden.shape[0], hidden.shape[1], hidden.shape[2]);
        var rows = Rows(hidden, normBefore);
        var projected = workspace.Projected?.addmm_(rows, queryKeyValue.Weight.t(), 0, 1) ?? rows.mm(queryKeyValue.Weight.t());
        projected.narrow(1, 0, width).add_(queryKeyValue.Bias!);
        var heads = projected.view(count, tokens, 3, config.Heads, width / config.Heads).permute(2, 0, 3, 1, 4);
        var mixed = functional.scaled_dot_product_attention(heads[0], heads[1], heads[2], positionBias);
        Add(hidden, mixed.transpose(1, 2).reshape(count * tokens, width), attentionOutput);
    }

    // The normalised residual stream as rows [B N, D] of the matrix products' type.
    private Tensor Rows(Tensor hidden, Affine norm) =>
        norm.LayerNorm(hidden, config.LayerNormEpsilon).view(-1, hidden.shape[2]).to(queryKeyValue.Weight.dtype);

    private static void Add(Tensor hidden, Tensor rows, Affine map)
    {
        if (hidden.device_type == DeviceType.CUDA)
        {
            hidden.add_(map.Linear(rows).view(hidden.shape));
        }
        else if (map.Weight.dtype == ScalarType.Float32)
        {
            hidden.view(-1, hidden.shape[2]).addmm_(rows, map.Weight.t(), 1, 1).add_(map.Bias!);
        }
        else
        {
            // Converted first: a sum of two types is many times slower.
            hidden.add_(map.Linear(rows).view(hidden.shape).to(ScalarType.Float32));
        }
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
