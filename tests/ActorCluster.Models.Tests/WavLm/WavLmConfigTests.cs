using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorCluster.Models.Checkpoints;
using ActorCluster.Models.WavLm;

namespace ActorCluster.Models.Tests.WavLm;

public class WavLmConfigTests
{
    [Fact]
    public void Load_LargeStyle_ReadsTheArchitecture()
    {
        var config = WavLmConfig.Load(WavLmGoldens.Folder(WavLmGoldens.Large));

        Assert.Equal((64, 4, 4, 128), (config.HiddenSize, config.Layers, config.Heads, config.IntermediateSize));
        Assert.Equal((true, false, false, true), (config.StableLayerNorm, config.GroupNorm, config.ConvolutionBias, config.HasMaskedEmbedding));
        Assert.Equal((16, 4, 32, 800), (config.PositionalKernel, config.PositionalGroups, config.Buckets, config.MaxBucketDistance));
        Assert.Equal([10, 3, 3, 3, 3, 2, 2], config.ConvolutionKernels.ToArray());
    }

    // The class's defaults, which are those of the base model.
    [Fact]
    public void Parse_KeysLeftOut_HaveTransformersDefaults()
    {
        var config = Parse("""{"model_type":"wavlm"}""");

        Assert.Equal((768, 12, 12, 3072), (config.HiddenSize, config.Layers, config.Heads, config.IntermediateSize));
        Assert.Equal((false, true, 128, 16, 320, 800), (config.StableLayerNorm, config.GroupNorm, config.PositionalKernel, config.PositionalGroups, config.Buckets, config.MaxBucketDistance));
        Assert.Equal(1e-5, config.LayerNormEpsilon);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(399, 0)]
    [InlineData(400, 1)]
    [InlineData(719, 1)]
    [InlineData(720, 2)]
    [InlineData(16000, 49)]
    [InlineData(16400, 51)]
    [InlineData(160000, 499)]
    public void TokenCount_Samples_FollowsTheConvolutions(int samples, int tokens)
    {
        var config = Parse("""{"model_type":"wavlm"}""");

        Assert.Equal(tokens, config.TokenCount(samples));
        Assert.Equal(400, config.MinSamples);
    }

    [Theory]
    [InlineData("model_type", "\"hubert\"")]
    [InlineData("hidden_act", "\"gelu_new\"")]
    [InlineData("feat_extract_activation", "\"relu\"")]
    [InlineData("feat_extract_norm", "\"batch\"")]
    [InlineData("add_adapter", "true")]
    [InlineData("do_stable_layer_norm", "1")]
    [InlineData("hidden_size", "-64")]
    [InlineData("hidden_size", "64.5")]
    [InlineData("hidden_size", "1e30")]
    [InlineData("num_hidden_layers", "null")]
    [InlineData("num_attention_heads", "5")]
    [InlineData("num_conv_pos_embedding_groups", "7")]
    [InlineData("num_buckets", "33")]
    [InlineData("num_buckets", "2")]
    [InlineData("max_bucket_distance", "8")]
    [InlineData("layer_norm_eps", "\"small\"")]
    [InlineData("conv_dim", "[]")]
    [InlineData("conv_kernel", "[10, 3]")]
    [InlineData("conv_stride", "[5, 2, 2, 2, 2, 2, 3]")]
    [InlineData("conv_stride", "5")]
    [InlineData("num_feat_extract_layers", "6")]
    [InlineData("mask_time_prob", "2")]
    public void Parse_UnknownOrContradictoryValue_NamesTheKey(string key, string value)
    {
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(WavLmGoldens.Folder(WavLmGoldens.Large), "config.json")))!.AsObject();
        json[key] = JsonNode.Parse(value);

        var refused = Assert.Throws<CheckpointFormatException>(() => Parse(json.ToJsonString()));
        Assert.Contains($"config.json: {key} is {(value == "null" ? value : JsonSerializer.Serialize(JsonNode.Parse(value)))}; it must be ", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"model_type\":")]
    [InlineData("{}")]
    public void Parse_NoWavLmConfig_IsRefused(string json) => Assert.Throws<CheckpointFormatException>(() => Parse(json));

    [Fact]
    public void Load_NoFile_IsRefusedByPath()
    {
        using var folder = new ModelFolder(WavLmGoldens.Large);

        var refused = Assert.Throws<CheckpointFormatException>(() => WavLmConfig.Load(folder.Path));
        Assert.Contains(Path.Combine(folder.Path, "config.json"), refused.Message, StringComparison.Ordinal);
    }

    private static WavLmConfig Parse(string json) => WavLmConfig.Parse(Encoding.UTF8.GetBytes(json), "config.json");
}
