using ActorCluster.Models.WavLm;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ActorCluster.Training.Encoders;

/// <summary>
/// WavLM (Chen et al. 2022, https://arxiv.org/abs/2110.13900) written for automatic differentiation: the same function as the inference encoder's, for
/// segments of one length without padding.
/// </summary>
/// <param name="config">The architecture.</param>
/// <param name="parameters">Its parameters; stay the caller's.</param>
internal sealed class TrainableWavLm(WavLmConfig config, EncoderParameters parameters)
{
    private const double ConvolutionEpsilon = 1e-5;

    private long[] buckets = [];

    /// <summary>The forward pass. The result belongs to the caller's dispose scope.</summary>
    /// <param name="samples">Preprocessed sound <c>[B, L]</c>.</param>
    /// <returns>The last hidden state <c>[B, M, D]</c>.</returns>
    public Tensor Forward(Tensor samples)
    {
        using var scope = NewDisposeScope();
        var hidden = parameters.Linear(Norm(Convolve(samples), "feature_projection.layer_norm"), "feature_projection.projection");
        hidden = hidden + Positions(hidden);
        hidden = config.StableLayerNorm ? hidden : Norm(hidden, "encoder.layer_norm");
        var bias = PositionBias((int)hidden.shape[1]);
        for (var i = 0; i < config.Layers; i++)
        {
            hidden = Layer(hidden, $"encoder.layers.{i}.", bias);
        }

        return (config.StableLayerNorm ? Norm(hidden, "encoder.layer_norm") : hidden).MoveToOuterDisposeScope();
    }

    /// <summary>The stem, channels last: a convolution is a linear map of the rows under its kernel.</summary>
    private Tensor Convolve(Tensor samples)
    {
        var rows = samples.unsqueeze(2);
        for (var i = 0; i < config.ConvolutionChannels.Length; i++)
        {
            var name = $"feature_extractor.conv_layers.{i}.";
            var (kernel, stride) = (config.ConvolutionKernels[i], config.ConvolutionStrides[i]);
            var last = (rows.shape[1] - kernel) / stride * stride;
            var input = rows;
            var taps = cat([.. Enumerable.Range(0, kernel).Select(tap => input.slice(1, tap, tap + last + 1, stride))], 2);
            var weight = parameters[name + "conv.weight"].transpose(1, 2).flatten(1);
            rows = functional.linear(taps, weight, config.ConvolutionBias ? parameters[name + "conv.bias"] : null);
            if (!config.GroupNorm)
            {
                rows = parameters.Norm(rows, name + "layer_norm", ConvolutionEpsilon);
            }
            else if (i == 0)
            {
                rows = NormOverTime(rows, name + "layer_norm");
            }

            rows = functional.gelu(rows);
        }

        return rows;
    }

    /// <summary>The group norm of one channel per group.</summary>
    private Tensor NormOverTime(Tensor rows, string name)
    {
        var centred = rows - rows.mean([1], keepdim: true);
        var deviation = (centred.square().mean([1], keepdim: true) + ConvolutionEpsilon).sqrt();
        return (centred / deviation * parameters[name + ".weight"]) + parameters[name + ".bias"];
    }

    private Tensor Positions(Tensor hidden)
    {
        const string Name = "encoder.pos_conv_embed.conv.";
        var weight = PositionalConvolution.Weight(parameters[Name + "weight_g"], parameters[Name + "weight_v"]);
        var output = functional.conv1d(hidden.transpose(1, 2), weight, parameters[Name + "bias"], padding: config.PositionalKernel / 2, groups: config.PositionalGroups);
        return functional.gelu(output.narrow(2, 0, hidden.shape[1])).transpose(1, 2);
    }

    private Tensor PositionBias(int tokens)
    {
        if (buckets.Length != tokens * tokens)
        {
            buckets = RelativePositions.Index(tokens, config.Buckets, config.MaxBucketDistance);
        }

        return parameters["encoder.layers.0.attention.rel_attn_embed.weight"].index_select(0, tensor(buckets)).view(tokens, tokens, -1).permute(2, 0, 1);
    }

    private Tensor Layer(Tensor hidden, string name, Tensor bias)
    {
        if (config.StableLayerNorm)
        {
            hidden = hidden + Attend(Norm(hidden, name + "layer_norm"), name + "attention.", bias);
            return hidden + FeedForward(Norm(hidden, name + "final_layer_norm"), name);
        }

        hidden = Norm(hidden + Attend(hidden, name + "attention.", bias), name + "layer_norm");
        return Norm(hidden + FeedForward(hidden, name), name + "final_layer_norm");
    }

    private Tensor Attend(Tensor input, string name, Tensor bias)
    {
        var scores = matmul(Heads("q"), Heads("k").transpose(2, 3)) / Math.Sqrt((double)config.HiddenSize / config.Heads);
        var mixed = matmul((scores + (Gate(Split(input), name) * bias)).softmax(-1), Heads("v"));
        return parameters.Linear(mixed.transpose(1, 2).flatten(2), name + "out_proj");

        Tensor Heads(string letter) => Split(parameters.Linear(input, $"{name}{letter}_proj"));
        Tensor Split(Tensor rows) => rows.view(rows.shape[0], rows.shape[1], config.Heads, -1).transpose(1, 2);
    }

    /// <summary>The gate of each query's row of the position bias: a (b c - 1) + 2 (WavLM, section III.A).</summary>
    /// <param name="heads">The attention's input, split into heads, <c>[B, H, M, D / H]</c>.</param>
    /// <param name="name">The attention's name.</param>
    /// <returns><c>[B, H, M, 1]</c>.</returns>
    private Tensor Gate(Tensor heads, string name)
    {
        var gates = parameters.Linear(heads, name + "gru_rel_pos_linear").unflatten(3, 2, 4).sum(-1).sigmoid();
        return (gates.narrow(3, 0, 1) * ((gates.narrow(3, 1, 1) * parameters[name + "gru_rel_pos_const"]) - 1)) + 2;
    }

    private Tensor FeedForward(Tensor input, string name) =>
        parameters.Linear(functional.gelu(parameters.Linear(input, name + "feed_forward.intermediate_dense")), name + "feed_forward.output_dense");

    private Tensor Norm(Tensor rows, string name) => parameters.Norm(rows, name, config.LayerNormEpsilon);
}
