using ActorCluster.Models.Checkpoints;

namespace ActorCluster.Models.Beit;

/// <summary>
/// The architecture of a BEiT checkpoint, from its <c>config.json</c>. A key that is missing has the value that transformers' <c>BeitConfig</c> gives it;
/// keys that do not concern inference are ignored.
/// </summary>
public sealed record BeitConfig
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

    /// <summary>The side of an image in pixels, S; a multiple of <see cref="PatchSize"/>.</summary>
    public required int ImageSize { get; init; }

    /// <summary>The side of a patch in pixels.</summary>
    public required int PatchSize { get; init; }

    /// <summary>The epsilon of all layer norms.</summary>
    public required double LayerNormEpsilon { get; init; }

    /// <summary>Whether each layer scales what it adds to the residual stream (<c>lambda_1</c>, <c>lambda_2</c>).</summary>
    public required bool HasLayerScale { get; init; }

    /// <summary>Whether the checkpoint holds a <c>mask_token</c>, which pre-training used and inference does not.</summary>
    public required bool HasMaskToken { get; init; }

    /// <summary>Whether learnt positions are added to the patches.</summary>
    public required bool HasAbsolutePositions { get; init; }

    /// <summary>Whether every layer has a relative position bias of its own.</summary>
    public required bool HasRelativePositionBias { get; init; }

    /// <summary>Whether all layers add one common relative position bias.</summary>
    public required bool HasSharedRelativePositionBias { get; init; }

    /// <summary>Whether the pooled output is the normalised mean of the patches instead of the first token of the normalised output.</summary>
    public required bool UsesMeanPooling { get; init; }

    /// <summary>Patches along a side.</summary>
    public int Side => ImageSize / PatchSize;

    /// <summary>Tokens per image, N: one for the class, then the patches row by row.</summary>
    public int TokenCount => (Side * Side) + 1;

    /// <summary>Rows of a relative position table.</summary>
    internal int RelativePositionCount => (((2 * Side) - 1) * ((2 * Side) - 1)) + 3;

    /// <summary>Reads <c>config.json</c> in a checkpoint's folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="CheckpointFormatException">
    /// It is missing, no JSON, of another architecture, or has a value that is wrong, contradicts another, or is not supported; the message names the key.
    /// </exception>
    public static BeitConfig Load(string folder)
    {
        var path = Path.Combine(folder, ConfigKeys.FileName);
        return Parse(JsonFile.Read(path), path);
    }

    /// <summary>Reads the content of a <c>config.json</c>.</summary>
    /// <param name="json">The content.</param>
    /// <param name="source">What it is called in messages.</param>
    /// <exception cref="CheckpointFormatException">As in <see cref="Load"/>.</exception>
    public static BeitConfig Parse(ReadOnlyMemory<byte> json, string source) => JsonFile.Parse(json, source, root => From(new ConfigKeys(root, source, "BEiT")));

    private static BeitConfig From(ConfigKeys keys)
    {
        keys.OneOf("model_type", null, "beit");
        keys.OneOf("hidden_act", "gelu", "gelu");
        keys.Integer("num_channels", 3, 3, 3);
        var config = new BeitConfig
        {
            HiddenSize = keys.Integer("hidden_size", 768, 1, MaxWidth),
            Layers = keys.Integer("num_hidden_layers", 12, 1, 1024),
            Heads = keys.Integer("num_attention_heads", 12, 1, MaxWidth),
            IntermediateSize = keys.Integer("intermediate_size", 3072, 1, MaxWidth * 8),
            ImageSize = keys.Integer("image_size", 224, 1, 4096),
            PatchSize = keys.Integer("patch_size", 16, 1, 4096),
            LayerNormEpsilon = keys.Number("layer_norm_eps", 1e-12, 0, 1),
            HasLayerScale = keys.Number("layer_scale_init_value", 0.1, 0, 1e6) > 0,
            HasMaskToken = keys.Boolean("use_mask_token", false),
            HasAbsolutePositions = keys.Boolean("use_absolute_position_embeddings", false),
            HasRelativePositionBias = keys.Boolean("use_relative_position_bias", false),
            HasSharedRelativePositionBias = keys.Boolean("use_shared_relative_position_bias", false),
            UsesMeanPooling = keys.Boolean("use_mean_pooling", true),
        };
        if (config.HiddenSize % config.Heads != 0)
        {
            throw keys.Wrong("num_attention_heads", $"a divisor of hidden_size, which is {config.HiddenSize}");
        }

        if (config.ImageSize % config.PatchSize != 0)
        {
            throw keys.Wrong("patch_size", $"a divisor of image_size, which is {config.ImageSize}");
        }

        return config;
    }
}
