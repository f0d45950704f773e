using ActorCluster.Models.Checkpoints;
using ActorCluster.Models.Torch;

namespace ActorCluster.Models.WavLm;

/// <summary>The parameters of a WavLM checkpoint by their published names.</summary>
internal static class WavLmParameters
{
    private const string Prefix = "wavlm.";

    /// <summary>Finds an architecture's parameters in a checkpoint; a head on top of the encoder is left out.</summary>
    /// <exception cref="CheckpointFormatException">The checkpoint is another model's.</exception>
    public static CheckpointParameters Find(Checkpoint checkpoint, WavLmConfig config)
    {
        var headed = checkpoint.Tensors.Keys.Any(IsPrefixed);
        return new CheckpointParameters(checkpoint, Shapes(config), name => headed && !IsPrefixed(name) ? null : NameOf(name), "WavLM");
    }

    /// <summary>Whether a tensor's name has the prefix that sets the encoder off from a head in checkpoints that have one.</summary>
    private static bool IsPrefixed(string checkpointName) => checkpointName.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>
    /// The name under which a checkpoint's tensor is kept here: without the prefix, and with the weight norm of the positional convolution named as before
    /// PyTorch 2.1.
    /// </summary>
    private static string NameOf(string checkpointName)
    {
        var name = IsPrefixed(checkpointName) ? checkpointName[Prefix.Length..] : checkpointName;
        return name switch
        {
            "encoder.pos_conv_embed.conv.parametrizations.weight.original0" => "encoder.pos_conv_embed.conv.weight_g",
            "encoder.pos_conv_embed.conv.parametrizations.weight.original1" => "encoder.pos_conv_embed.conv.weight_v",
            _ => name,
        };
    }

    /// <summary>The names and shapes of the architecture's parameters.</summary>
    public static IEnumerable<(string Name, long[] Shape)> Shapes(WavLmConfig config)
    {
        long width = config.HiddenSize;
        List<(string, long[])> shapes =
        [
            .. StemShapes(config),
            ("encoder.pos_conv_embed.conv.weight_g", [1, 1, config.PositionalKernel]),
            ("encoder.pos_conv_embed.conv.weight_v", [width, width / config.PositionalGroups, config.PositionalKernel]),
            ("encoder.pos_conv_embed.conv.bias", [width]),
            .. Pair("encoder.layer_norm", width),
            ("encoder.layers.0.attention.rel_attn_embed.weight", [config.Buckets, config.Heads]),
            .. Enumerable.Range(0, config.Layers).SelectMany(i => LayerShapes($"encoder.layers.{i}.", config)),
        ];
        return config.HasMaskedEmbedding ? shapes.Append(("masked_spec_embed", [width])) : shapes;
    }

    private static IEnumerable<(string Name, long[] Shape)> StemShapes(WavLmConfig config)
    {
        long inputs = 1;
        for (var i = 0; i < config.ConvolutionChannels.Length; i++)
        {
            var name = $"feature_extractor.conv_layers.{i}.";
            long outputs = config.ConvolutionChannels[i];
            yield return (name + "conv.weight", [outputs, inputs, config.ConvolutionKernels[i]]);
            if (config.ConvolutionBias)
            {
                yield return (name + "conv.bias", [outputs]);
            }

            foreach (var norm in i == 0 || !config.GroupNorm ? Pair(name + "layer_norm", outputs) : [])
            {
                yield return norm;
            }

            inputs = outputs;
        }

        foreach (var shape in Pair("feature_projection.layer_norm", inputs).Concat(Pair("feature_projection.projection", config.HiddenSize, inputs)))
        {
            yield return shape;
        }
    }

    private static IEnumerable<(string Name, long[] Shape)> LayerShapes(string name, WavLmConfig config)
    {
        long width = config.HiddenSize;
        return
        [
            .. from letter in "qkv" from shape in Pair($"{name}attention.{letter}_proj", width, width) select shape,
            .. Pair(name + "attention.out_proj", width, width),
            (name + "attention.gru_rel_pos_const", [1, config.Heads, 1, 1]),
            .. Pair(name + "attention.gru_rel_pos_linear", 8, width / config.Heads),
            .. Pair(name + "layer_norm", width),
            .. Pair(name + "feed_forward.intermediate_dense", config.IntermediateSize, width),
            .. Pair(name + "feed_forward.output_dense", width, config.IntermediateSize),
            .. Pair(name + "final_layer_norm", width),
        ];
    }

    /// <summary>The weight of a linear map or a norm, and its bias, which is as long as the weight's first dimension.</summary>
    private static (string Name, long[] Shape)[] Pair(string name, params long[] weight) => [(name + ".weight", weight), (name + ".bias", [weight[0]])];
}
