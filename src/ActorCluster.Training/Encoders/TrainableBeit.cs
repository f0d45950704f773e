using ActorCluster.Models.Beit;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ActorCluster.Training.Encoders;

/// <summary>
/// BEiT (Bao et al. 2021, https://arxiv.org/abs/2106.08254) written for automatic differentiation: the same function as the inference encoder's, which
/// rewrites its weights and works in place.
/// </summary>
/// <param name="config">The architecture.</param>
/// <param name="parameters">Its parameters; stay the caller's.</param>
internal sealed class TrainableBeit(BeitConfig config, EncoderParameters parameters)
{
    /// <summary>The forward pass. The results belong to the caller's dispose scope.</summary>
    /// <param name="pixels">Preprocessed images <c>[B, 3, S, S]</c>.</param>
    /// <returns>The last hidden state <c>[B, N, D]</c> and the pooled output <c>[B, D]</c>.</returns>
    public (Tensor LastHiddenState, Tensor Pooled) Forward(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var hidden = Embed(pixels);
        var common = config.HasSharedRelativePositionBias ? Bias("encoder.relative_position_bias.relative_position_bias_table") : null;
        for (var i = 0; i < config.Layers; i++)
        {
            hidden = Layer(hidden, $"encoder.layer.{i}.", common);
        }

        if (config.UsesMeanPooling)
        {
            var mean = hidden.narrow(1, 1, config.TokenCount - 1).mean([1]);
            return (hidden.MoveToOuterDisposeScope(), Norm(mean, "pooler.layernorm").MoveToOuterDisposeScope());
        }

        var normed = Norm(hidden, "layernorm");
        return (normed.MoveToOuterDisposeScope(), normed.select(1, 0).MoveToOuterDisposeScope());
    }

    private Tensor Embed(Tensor pixels)
    {
        var (count, side, patch) = (pixels.shape[0], config.Side, config.PatchSize);
        const string Projection = "embeddings.patch_embeddings.projection";

        // A convolution whose stride is its kernel is a linear map of the patches' pixels.
        var rows = pixels.view(count, 3, side, patch, side, patch).permute(0, 2, 4, 1, 3, 5).reshape(count, side * side, 3 * patch * patch);
        var patches = functional.linear(rows, parameters[Projection + ".weight"].flatten(1), parameters[Projection + ".bias"]);
        var tokens = cat([parameters["embeddings.cls_token"].expand(count, 1, -1), patches], 1);
        return config.HasAbsolutePositions ? tokens + parameters["embeddings.position_embeddings"] : tokens;
    }

    private Tensor Layer(Tensor hidden, string name, Tensor? common)
    {
        var mixed = Attend(Norm(hidden, name + "layernorm_before"), name + "attention.", common);
        hidden = hidden + Scaled(mixed, name + "lambda_1");
        var expanded = functional.gelu(parameters.Linear(Norm(hidden, name + "layernorm_after"), name + "intermediate.dense"));
        return hidden + Scaled(parameters.Linear(expanded, name + "output.dense"), name + "lambda_2");
    }

    private Tensor Attend(Tensor input, string name, Tensor? common)
    {
        var scores = matmul(Heads("query"), Heads("key").transpose(2, 3)) / Math.Sqrt((double)config.HiddenSize / config.Heads);
        if (config.HasRelativePositionBias)
        {
            scores = scores + Bias(name + "attention.relative_position_bias.relative_position_bias_table");
        }

        scores = common is null ? scores : scores + common;
        return parameters.Linear(matmul(scores.softmax(-1), Heads("value")).transpose(1, 2).flatten(2), name + "output.dense");

        Tensor Heads(string part) => parameters.Linear(input, name + "attention." + part).view(input.shape[0], input.shape[1], config.Heads, -1).transpose(1, 2);
    }

    private Tensor Bias(string table) => BeitLayer.BiasOf(config, parameters[table]);

    private Tensor Norm(Tensor rows, string name) => parameters.Norm(rows, name, config.LayerNormEpsilon);

    private Tensor Scaled(Tensor rows, string name) => config.HasLayerScale ? rows * parameters[name] : rows;
}
