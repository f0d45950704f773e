using System.Text.Json;
using ActorCluster.Storage;

namespace ActorCluster.Tests.Shared;

/// <summary>
/// Writes small encoders with random weights as the Hugging Face hub publishes theirs: config.json, preprocessor_config.json and model.safetensors,
/// with the published names and shapes. The same sizes and seed give the same bytes. Weights are scaled so that activations stay near unit variance.
/// </summary>
internal static class TinyCheckpoints
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly int[] Kernels = [10, 3, 3, 3, 3, 2, 2];
    private static readonly int[] Strides = [5, 2, 2, 2, 2, 2, 2];

    /// <summary>Writes a BEiT into a folder, which is made where it is not there.</summary>
    public static void WriteBeit(string folder, TinyBeitSizes sizes, int seed)
    {
        var (hidden, side) = (sizes.HiddenSize, sizes.ImageSize / sizes.PatchSize);
        var weights = new RandomWeights(seed);
        weights.Add("embeddings.cls_token", 1, 0, 1, 1, hidden);
        weights.AddLinear("embeddings.patch_embeddings.projection", hidden, 3, sizes.PatchSize, sizes.PatchSize);
        for (var i = 0; i < sizes.Layers; i++)
        {
            var layer = $"encoder.layer.{i}.";
            weights.AddLinearWeight(layer + "attention.attention.key", hidden, hidden);
            weights.AddLinear(layer + "attention.attention.query", hidden, hidden);
            weights.AddLinear(layer + "attention.attention.value", hidden, hidden);
            weights.Add(
                layer + "attention.attention.relative_position_bias.relative_position_bias_table",
                0.5, 0, ((2 * side) - 1) * ((2 * side) - 1) + 3, sizes.Heads);
            weights.AddLinear(layer + "attention.output.dense", hidden, hidden);
            weights.AddLinear(layer + "intermediate.dense", sizes.IntermediateSize, hidden);
            weights.AddLinear(layer + "output.dense", hidden, sizes.IntermediateSize);
            weights.Add(layer + "lambda_1", 0.1, 0.5, hidden);
            weights.Add(layer + "lambda_2", 0.1, 0.5, hidden);
            weights.AddNorm(layer + "layernorm_before", hidden);
            weights.AddNorm(layer + "layernorm_after", hidden);
        }

        weights.AddNorm(sizes.MeanPooling ? "pooler.layernorm" : "layernorm", hidden);
        var config = new Dictionary<string, object>
        {
            ["architectures"] = new[] { "BeitModel" },
            ["model_type"] = "beit",
            ["attention_probs_dropout_prob"] = 0.0,
            ["drop_path_rate"] = 0.1,
            ["hidden_act"] = "gelu",
            ["hidden_dropout_prob"] = 0.0,
            ["hidden_size"] = hidden,
            ["image_size"] = sizes.ImageSize,
            ["initializer_range"] = 0.02,
            ["intermediate_size"] = sizes.IntermediateSize,
            ["layer_norm_eps"] = 1e-12,
            ["layer_scale_init_value"] = 0.1,
            ["num_attention_heads"] = sizes.Heads,
            ["num_channels"] = 3,
            ["num_hidden_layers"] = sizes.Layers,
            ["patch_size"] = sizes.PatchSize,
            ["use_absolute_position_embeddings"] = false,
            ["use_mask_token"] = false,
            ["use_mean_pooling"] = sizes.MeanPooling,
            ["use_relative_position_bias"] = true,
            ["use_shared_relative_position_bias"] = false,
            ["vocab_size"] = 8192,
        };
        var preprocessor = new Dictionary<string, object>
        {
            ["crop_size"] = sizes.ImageSize,
            ["do_center_crop"] = false,
            ["do_normalize"] = true,
            ["do_resize"] = true,
            ["feature_extractor_type"] = "BeitFeatureExtractor",
            ["image_mean"] = new[] { 0.5, 0.5, 0.5 },
            ["image_std"] = new[] { 0.5, 0.5, 0.5 },
            ["resample"] = 2,
            ["size"] = sizes.ImageSize,
        };
        Write(folder, config, preprocessor, weights);
    }

    /// <summary>Writes a WavLM into a folder, which is made where it is not there.</summary>
    public static void WriteWavLm(string folder, TinyWavLmSizes sizes, int seed)
    {
        var weights = new RandomWeights(seed);
        for (var i = 0; i < Kernels.Length; i++)
        {
            var layer = $"feature_extractor.conv_layers.{i}.";
            weights.AddLinearWeight(layer + "conv", sizes.ConvChannels, i == 0 ? 1 : sizes.ConvChannels, Kernels[i]);
            if (sizes.Large || i == 0)
            {
                weights.AddNorm(layer + "layer_norm", sizes.ConvChannels);
            }
        }

        AddWavLmTransformer(weights, sizes);
        var config = new Dictionary<string, object>
        {
            ["architectures"] = new[] { "WavLMModel" },
            ["model_type"] = "wavlm",
            ["add_adapter"] = false,
            ["conv_bias"] = false,
            ["conv_dim"] = Enumerable.Repeat(sizes.ConvChannels, Kernels.Length).ToArray(),
            ["conv_kernel"] = Kernels,
            ["conv_stride"] = Strides,
            ["do_stable_layer_norm"] = sizes.Large,
            ["feat_extract_activation"] = "gelu",
            ["feat_extract_norm"] = sizes.Large ? "layer" : "group",
            ["hidden_act"] = "gelu",
            ["hidden_size"] = sizes.HiddenSize,
            ["intermediate_size"] = sizes.IntermediateSize,
            ["layer_norm_eps"] = 1e-5,
            ["max_bucket_distance"] = sizes.MaxBucketDistance,
            ["num_attention_heads"] = sizes.Heads,
            ["num_buckets"] = sizes.Buckets,
            ["num_conv_pos_embedding_groups"] = sizes.PositionGroups,
            ["num_conv_pos_embeddings"] = sizes.PositionKernel,
            ["num_feat_extract_layers"] = Kernels.Length,
            ["num_hidden_layers"] = sizes.Layers,
        };
        var preprocessor = new Dictionary<string, object>
        {
            ["do_normalize"] = sizes.Large,
            ["feature_extractor_type"] = "Wav2Vec2FeatureExtractor",
            ["feature_size"] = 1,
            ["padding_side"] = "right",
            ["padding_value"] = 0.0,
            ["return_attention_mask"] = true,
            ["sampling_rate"] = 16000,
        };
        Write(folder, config, preprocessor, weights);
    }

    private static void AddWavLmTransformer(RandomWeights weights, TinyWavLmSizes sizes)
    {
        var (hidden, head) = (sizes.HiddenSize, sizes.HiddenSize / sizes.Heads);
        weights.AddNorm("feature_projection.layer_norm", sizes.ConvChannels);
        weights.AddLinear("feature_projection.projection", hidden, sizes.ConvChannels);
        weights.Add("masked_spec_embed", 0.3, 0.5, hidden);

        // A weight norm over the two outer dimensions: one gain for each position of the kernel, here the norm that gives unit variance.
        weights.AddLinearWeightNamed("encoder.pos_conv_embed.conv.weight_v", hidden, hidden / sizes.PositionGroups, sizes.PositionKernel);
        weights.Add("encoder.pos_conv_embed.conv.weight_g", 0.1, Math.Sqrt((double)hidden / sizes.PositionKernel), 1, 1, sizes.PositionKernel);
        weights.Add("encoder.pos_conv_embed.conv.bias", 0.1, 0, hidden);
        weights.AddNorm("encoder.layer_norm", hidden);
        for (var i = 0; i < sizes.Layers; i++)
        {
            var layer = $"encoder.layers.{i}.";
            foreach (var projection in (string[])["k_proj", "q_proj", "v_proj", "out_proj"])
            {
                weights.AddLinear($"{layer}attention.{projection}", hidden, hidden);
            }

            weights.Add(layer + "attention.gru_rel_pos_const", 0.1, 1, 1, sizes.Heads, 1, 1);
            weights.AddLinear(layer + "attention.gru_rel_pos_linear", 8, head);
            if (i == 0)
            {
                weights.Add(layer + "attention.rel_attn_embed.weight", 0.5, 0, sizes.Buckets, sizes.Heads);
            }

            weights.AddLinear(layer + "feed_forward.intermediate_dense", sizes.IntermediateSize, hidden);
            weights.AddLinear(layer + "feed_forward.output_dense", hidden, sizes.IntermediateSize);
            weights.AddNorm(layer + "layer_norm", hidden);
            weights.AddNorm(layer + "final_layer_norm", hidden);
        }
    }

    private static void Write(string folder, Dictionary<string, object> config, Dictionary<string, object> preprocessor, RandomWeights weights)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), JsonSerializer.Serialize(config, Indented));
        File.WriteAllText(Path.Combine(folder, "preprocessor_config.json"), JsonSerializer.Serialize(preprocessor, Indented));
        using var stream = File.Create(Path.Combine(folder, "model.safetensors"));
        weights.Write(stream);
    }
}
