using TorchSharp;
using static TorchSharp.torch;

namespace ActorCluster.Models.WavLm;

/// <summary>The parameters of a WavLM checkpoint by their published names, before they are brought into the form that the model computes with.</summary>
internal sealed class WavLmParameters : IDisposable
{
    private const string Prefix = "wavlm.";

    private readonly Dictionary<string, Tensor> tensors = new(StringComparer.Ordinal);

    /// <summary>Allocates every parameter that the architecture has, in float32 on the CPU, to be filled from a checkpoint.</summary>
    public WavLmParameters(WavLmConfig config)
    {
        AddStem(config);
        long width = config.HiddenSize;
        Add("encoder.pos_conv_embed.conv.weight_g", 1, 1, config.PositionalKernel);
        Add("encoder.pos_conv_embed.conv.weight_v", width, width / config.PositionalGroups, config.PositionalKernel);
        Add("encoder.pos_conv_embed.conv.bias", width);
        AddNorm("encoder.layer_norm", width);
        Add("encoder.layers.0.attention.rel_attn_embed.weight", config.Buckets, config.Heads);
        for (var i = 0; i < config.Layers; i++)
        {
            AddLayer($"encoder.layers.{i}.", config);
        }

        if (config.HasMaskedEmbedding)
        {
            Add("masked_spec_embed", width);
        }
    }

    /// <summary>The parameters by name.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors => tensors;

    /// <summary>A parameter.</summary>
    public Tensor this[string name] => tensors[name];

    /// <summary>Whether a tensor's name has the prefix that sets the encoder off from a head in checkpoints that have one.</summary>
    public static bool IsPrefixed(string checkpointName) => checkpointName.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>
    /// The name under which a checkpoint's tensor is kept here: without the prefix, and with the weight norm of the positional convolution named as before
    /// PyTorch 2.1.
    /// </summary>
    public static string NameOf(string checkpointName)
    {
        var name = IsPrefixed(checkpointName) ? checkpointName[Prefix.Length..] : checkpointName;
        return name switch
        {
            "encoder.pos_conv_embed.conv.parametrizations.weight.original0" => "encoder.pos_conv_embed.conv.weight_g",
            "encoder.pos_conv_embed.conv.parametrizations.weight.original1" => "encoder.pos_conv_embed.conv.weight_v",
            _ => name,
        };
    }

    /// <summary>Frees what is left of the parameters.</summary>
    public void Dispose()
    {
        foreach (var tensor in tensors.Values)
        {
            tensor.Dispose();
        }
    }

    private void AddStem(WavLmConfig config)
    {
        var channels = 1;
        for (var i = 0; i < config.ConvolutionChannels.Length; i++)
        {
            var name = $"feature_extractor.conv_layers.{i}.";
            Add(name + "conv.weight", config.ConvolutionChannels[i], channels, config.ConvolutionKernels[i]);
            channels = config.ConvolutionChannels[i];
            if (config.ConvolutionBias)
            {
                Add(name + "conv.bias", channels);
            }

            if (i == 0 || !config.GroupNorm)
            {
                AddNorm(name + "layer_norm", channels);
            }
        }

        AddNorm("feature_projection.layer_norm", channels);
        AddLinear("feature_projection.projection", config.HiddenSize, channels);
    }

    private void AddLayer(string name, WavLmConfig config)
    {
        long width = config.HiddenSize;
        foreach (var projection in (ReadOnlySpan<string>)["q_proj", "k_proj", "v_proj", "out_proj"])
        {
            AddLinear($"{name}attention.{projection}", width, width);
        }

        Add(name + "attention.gru_rel_pos_const", 1, config.Heads, 1, 1);
        AddLinear(name + "attention.gru_rel_pos_linear", 8, width / config.Heads);
        AddNorm(name + "layer_norm", width);
        AddLinear(name + "feed_forward.intermediate_dense", config.IntermediateSize, width);
        AddLinear(name + "feed_forward.output_dense", width, config.IntermediateSize);
        AddNorm(name + "final_layer_norm", width);
    }

    private void AddNorm(string name, long width)
    {
        Add(name + ".weight", width);
        Add(name + ".bias", width);
    }

    private void AddLinear(string name, long outputs, long inputs)
    {
        Add(name + ".weight", outputs, inputs);
        Add(name + ".bias", outputs);
    }

    private void Add(string name, params long[] shape) => tensors.Add(name, torch.zeros(shape, ScalarType.Float32).DetachFromDisposeScope());
}
