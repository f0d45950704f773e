using ActorCluster.Models.Checkpoints;
using ActorCluster.Models.Torch;

namespace ActorCluster.Models.Beit;

/// <summary>The parameters of a BEiT checkpoint by their published names.</summary>
internal static class BeitParameters
{
    private const string Prefix = "beit.";

    /// <summary>Finds an architecture's parameters in a checkpoint.</summary>
    /// <exception cref="CheckpointFormatException">The checkpoint is another model's.</exception>
    public static CheckpointParameters Find(Checkpoint checkpoint, BeitConfig config) => new(checkpoint, Shapes(config), NameOf, "BEiT");

    /// <summary>The published names and shapes of an architecture's parameters.</summary>
    public static IEnumerable<(string Name, long[] Shape)> Shapes(BeitConfig config)
    {
        long width = config.HiddenSize;
        yield return ("embeddings.cls_token", [1, 1, width]);
        if (config.HasMaskToken)
        {
            yield return ("embeddings.mask_token", [1, 1, width]);
        }

        if (config.HasAbsolutePositions)
        {
            yield return ("embeddings.position_embeddings", [1, config.TokenCount, width]);
        }

        yield return ("embeddings.patch_embeddings.projection.weight", [width, 3, config.PatchSize, config.PatchSize]);
        yield return ("embeddings.patch_embeddings.projection.bias", [width]);
        if (config.HasSharedRelativePositionBias)
        {
            yield return ("encoder.relative_position_bias.relative_position_bias_table", [config.RelativePositionCount, config.Heads]);
        }

        for (var i = 0; i < config.Layers; i++)
        {
            foreach (var (name, shape) in LayerShapes(config))
            {
                yield return ($"encoder.layer.{i}.{name}", shape);
            }
        }

        var norm = config.UsesMeanPooling ? "pooler.layernorm" : "layernorm";
        yield return (norm + ".weight", [width]);
        yield return (norm + ".bias", [width]);
    }

    /// <summary>
    /// The name under which a checkpoint's tensor is kept here: without the prefix <c>beit.</c> of checkpoints with a head. Null for a head's own tensors
    /// and for the index of relative positions, which follows from the sizes.
    /// </summary>
    public static string? NameOf(string checkpointName)
    {
        var name = checkpointName.StartsWith(Prefix, StringComparison.Ordinal) ? checkpointName[Prefix.Length..] : checkpointName;
        return name.StartsWith("classifier.", StringComparison.Ordinal)
            || name.StartsWith("lm_head.", StringComparison.Ordinal)
            || name.EndsWith(".relative_position_index", StringComparison.Ordinal)
            ? null
            : name;
    }

    private static IEnumerable<(string Name, long[] Shape)> LayerShapes(BeitConfig config)
    {
        long width = config.HiddenSize;
        long intermediate = config.IntermediateSize;
        yield return ("layernorm_before.weight", [width]);
        yield return ("layernorm_before.bias", [width]);
        yield return ("attention.attention.query.weight", [width, width]);
        yield return ("attention.attention.query.bias", [width]);
        yield return ("attention.attention.key.weight", [width, width]);
        yield return ("attention.attention.value.weight", [width, width]);
        yield return ("attention.attention.value.bias", [width]);
        if (config.HasRelativePositionBias)
        {
            yield return ("attention.attention.relative_position_bias.relative_position_bias_table", [config.RelativePositionCount, config.Heads]);
        }

        yield return ("attention.output.dense.weight", [width, width]);
        yield return ("attention.output.dense.bias", [width]);
        yield return ("layernorm_after.weight", [width]);
        yield return ("layernorm_after.bias", [width]);
        yield return ("intermediate.dense.weight", [intermediate, width]);
        yield return ("intermediate.dense.bias", [intermediate]);
        yield return ("output.dense.weight", [width, intermediate]);
        yield return ("output.dense.bias", [width]);
        if (config.HasLayerScale)
        {
            yield return ("lambda_1", [width]);
            yield return ("lambda_2", [width]);
        }
    }
}
