using System.Collections.Immutable;
using ActorCluster.Models.Checkpoints;

namespace ActorCluster.Models.WavLm;

/// <summary>
/// The architecture of a WavLM checkpoint, from its <c>config.json</c>. A key that is missing has the value that transformers' <c>WavLMConfig</c> gives it;
/// keys that do not concern inference are ignored.
/// </summary>
public sealed record WavLmConfig
{
    private const int MaxWidth = 1 << 16;

    /// <summary>The width of the residual stream, D.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>The number of transformer layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Attention heads per layer, H; divides <see cref="HiddenSize"/>.</summary>
    public required int Heads { get; init; }

    /// <summary>The width of the feed-forward networks.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>The epsilon of the transformer's and the feature projection's layer norms; the convolutions' norms have 1e-5 whatever it is.</summary>
    public required double LayerNormEpsilon { get; init; }

    /// <summary>Whether layers normalise their inputs (wavlm-large) instead of their outputs (wavlm-base).</summary>
    public required bool StableLayerNorm { get; init; }

    /// <summary>Whether the first convolution alone is normalised, each channel over time (wavlm-base), instead of all of them over channels (wavlm-large).</summary>
    public required bool GroupNorm { get; init; }

    /// <summary>Whether the convolutions of the stem have a bias.</summary>
    public required bool ConvolutionBias { get; init; }

    /// <summary>Channels that each convolution of the stem puts out.</summary>
    public required ImmutableArray<int> ConvolutionChannels { get; init; }

    /// <summary>The kernel length of each convolution of the stem.</summary>
    public required ImmutableArray<int> ConvolutionKernels { get; init; }

    /// <summary>The stride of each convolution of the stem.</summary>
    public required ImmutableArray<int> ConvolutionStrides { get; init; }

    /// <summary>The kernel length of the positional convolution in tokens.</summary>
    public required int PositionalKernel { get; init; }

    /// <summary>The number of channel groups of the positional convolution; divides <see cref="HiddenSize"/>.</summary>
    public required int PositionalGroups { get; init; }

    /// <summary>The number of buckets of relative positions, an even number from 4.</summary>
    public required int Buckets { get; init; }

    /// <summary>The distance in tokens from which on all positions share the last bucket; greater than <see cref="Buckets"/> / 4.</summary>
    public required int MaxBucketDistance { get; init; }

    /// <summary>Whether the checkpoint holds <c>masked_spec_embed</c>, which only training uses.</summary>
    public required bool HasMaskedEmbedding { get; init; }

    /// <summary>The fewest samples that give a token: 400 for the published models.</summary>
    public int MinSamples => SamplesFor(1);

    /// <summary>Reads <c>config.json</c> in a checkpoint's folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="CheckpointFormatException">The file is absent, no JSON, of another architecture, or has a value that is unknown or contradicts another; names the key.</exception>
    public static WavLmConfig Load(string folder)
    {
        var path = Path.Combine(folder, ConfigKeys.FileName);
        return Parse(JsonFile.Read(path), path);
    }

    /// <summary>Reads the text of a <c>config.json</c>.</summary>
    /// <param name="json">The text in UTF-8.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <exception cref="CheckpointFormatException">As for <see cref="Load"/>.</exception>
    public static WavLmConfig Parse(ReadOnlyMemory<byte> json, string source) => JsonFile.Parse(json, source, root => From(new ConfigKeys(root, source, "WavLM")));

    /// <summary>How many tokens a number of samples gives: floor((L - kernel) / stride) + 1 through all convolutions, or 0.</summary>
    /// <param name="samples">Samples at 16 kHz.</param>
    public int TokenCount(int samples) => FrameCount(samples, ConvolutionKernels.Length);

    /// <summary>How many frames the first <paramref name="convolutions"/> convolutions leave of a number of samples.</summary>
    internal int FrameCount(int samples, int convolutions)
    {
        var count = samples;
        for (var i = 0; i < convolutions; i++)
        {
            count = count < ConvolutionKernels[i] ? 0 : ((count - ConvolutionKernels[i]) / ConvolutionStrides[i]) + 1;
        }

        return count;
    }

    /// <summary>How many samples a number of tokens covers.</summary>
    internal int SamplesFor(int tokens)
    {
        var count = tokens;
        for (var i = ConvolutionKernels.Length - 1; i >= 0; i--)
        {
            count = checked(((count - 1) * ConvolutionStrides[i]) + ConvolutionKernels[i]);
        }

        return count;
    }

    private static WavLmConfig From(ConfigKeys keys)
    {
        keys.OneOf("model_type", null, "wavlm");
        keys.OneOf("hidden_act", "gelu", "gelu");
        keys.OneOf("feat_extract_activation", "gelu", "gelu");
        if (keys.Boolean("add_adapter", false))
        {
            throw keys.Wrong("add_adapter", "false: the adapter after the encoder is not supported");
        }

        var channels = keys.Integers("conv_dim", [512, 512, 512, 512, 512, 512, 512], 1, MaxWidth);
        var config = new WavLmConfig
        {
            HiddenSize = keys.Integer("hidden_size", 768, 1, MaxWidth),
            Layers = keys.Integer("num_hidden_layers", 12, 1, 1024),
            Heads = keys.Integer("num_attention_heads", 12, 1, MaxWidth),
            IntermediateSize = keys.Integer("intermediate_size", 3072, 1, MaxWidth * 8),
            LayerNormEpsilon = keys.Number("layer_norm_eps", 1e-5, 0, 1),
            StableLayerNorm = keys.Boolean("do_stable_layer_norm", false),
            GroupNorm = keys.OneOf("feat_extract_norm", "group", "group", "layer") == "group",
            ConvolutionBias = keys.Boolean("conv_bias", false),
            ConvolutionChannels = channels,
            ConvolutionKernels = keys.Integers("conv_kernel", [10, 3, 3, 3, 3, 2, 2], 1, 4096),
            ConvolutionStrides = keys.Integers("conv_stride", [5, 2, 2, 2, 2, 2, 2], 1, 4096),
            PositionalKernel = keys.Integer("num_conv_pos_embeddings", 128, 1, 4096),
            PositionalGroups = keys.Integer("num_conv_pos_embedding_groups", 16, 1, MaxWidth),
            Buckets = keys.Integer("num_buckets", 320, 4, MaxWidth),
            MaxBucketDistance = keys.Integer("max_bucket_distance", 800, 2, 1 << 20),
            HasMaskedEmbedding = keys.Number("mask_time_prob", 0.05, 0, 1) > 0 || keys.Number("mask_feature_prob", 0, 0, 1) > 0,
        };
        config.CheckAgreement(keys);
        return config;
    }

    private void CheckAgreement(ConfigKeys keys)
    {
        var count = ConvolutionChannels.Length;
        if (ConvolutionKernels.Length != count)
        {
            throw keys.Wrong("conv_kernel", $"a list of {count} numbers, as conv_dim");
        }

        if (ConvolutionStrides.Length != count)
        {
            throw keys.Wrong("conv_stride", $"a list of {count} numbers, as conv_dim");
        }

        if (keys.Integer("num_feat_extract_layers", count, 1, 64) != count)
        {
            throw keys.Wrong("num_feat_extract_layers", $"{count}, the length of conv_dim");
        }

        for (var i = 0; i < count; i++)
        {
            if (ConvolutionStrides[i] > ConvolutionKernels[i])
            {
                throw keys.Wrong("conv_stride", $"at most conv_kernel, which is {ConvolutionKernels[i]} at index {i}");
            }
        }

        try
        {
            _ = MinSamples;
        }
        catch (OverflowException)
        {
            throw keys.Wrong("conv_stride", "such that one token covers fewer than 2^31 samples");
        }

        if (HiddenSize % Heads != 0)
        {
            throw keys.Wrong("num_attention_heads", $"a divisor of hidden_size, which is {HiddenSize}");
        }

        if (HiddenSize % PositionalGroups != 0)
        {
            throw keys.Wrong("num_conv_pos_embedding_groups", $"a divisor of hidden_size, which is {HiddenSize}");
        }

        if (Buckets % 2 != 0)
        {
            throw keys.Wrong("num_buckets", "an even number: half of the buckets are for keys after the query");
        }

        if (MaxBucketDistance <= Buckets / 4)
        {
            throw keys.Wrong("max_bucket_distance", $"greater than a quarter of num_buckets, which is {Buckets}");
        }
    }
}
