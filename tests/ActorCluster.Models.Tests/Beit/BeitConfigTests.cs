using System.Text;
using ActorCluster.Models.Beit;
using ActorCluster.Models.Checkpoints;
using ActorCluster.Models.Torch;
using ActorCluster.Storage;
using ActorCluster.Tests.Shared;
using TorchSharp;

namespace ActorCluster.Models.Tests.Beit;

public class BeitConfigTests
{
    [Fact]
    public void Parse_OnlyTheModelType_GivesTransformersDefaults()
    {
        var config = Parse("""{"model_type":"beit"}""");

        Assert.Equal((768, 12, 12, 3072, 224, 16), (config.HiddenSize, config.Layers, config.Heads, config.IntermediateSize, config.ImageSize, config.PatchSize));
        Assert.Equal(1e-12, config.LayerNormEpsilon);
        Assert.True(config is { HasLayerScale: true, UsesMeanPooling: true, TokenCount: 197 });
        Assert.True(config is { HasMaskToken: false, HasAbsolutePositions: false, HasRelativePositionBias: false, HasSharedRelativePositionBias: false });
    }

    [Theory]
    [InlineData("model_type", "\"vit\"")]
    [InlineData("hidden_act", "\"gelu_new\"")]
    [InlineData("num_channels", "1")]
    [InlineData("hidden_size", "0")]
    [InlineData("hidden_size", "1e9")]
    [InlineData("num_hidden_layers", "-1")]
    [InlineData("num_attention_heads", "7")]
    [InlineData("patch_size", "15")]
    [InlineData("image_size", "[224, 224]")]
    [InlineData("layer_norm_eps", "\"small\"")]
    [InlineData("layer_norm_eps", "-1")]
    [InlineData("use_mean_pooling", "1")]
    public void Parse_WrongValue_NamesTheKey(string key, string value)
    {
        var json = key == "model_type" ? $$"""{"model_type":{{value}}}""" : $$"""{"model_type":"beit","{{key}}":{{value}}}""";

        Assert.Contains(key + " is ", Assert.Throws<CheckpointFormatException>(() => Parse(json)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    public void Parse_NoConfig_IsRefused(string json) => Assert.Throws<CheckpointFormatException>(() => Parse(json));

    [Fact]
    public void Load_MaskToken_IsTakenFromTheCheckpoint()
    {
        var variant = new BeitVariant(2, 4, 8, 2, 16, 1, true, false, false, true, true, MaskToken: true);
        using var folder = new TemporaryModel(variant.Write);
        TorchRuntime.Load();
        using var scope = torch.NewDisposeScope();
        using var checkpoint = Checkpoint.Open(folder.Path);

        var parameters = BeitParameters.Find(checkpoint, BeitConfig.Load(folder.Path));

        using var file = SafetensorsFile.Open(Path.Combine(folder.Path, "model.safetensors"));
        Assert.All(parameters.Names, name => Assert.Equal(file.Read<float>(name), parameters.Read(name).data<float>().ToArray()));
        Assert.Contains("embeddings.mask_token", parameters.Names);
    }

    [Theory]
    [InlineData("\"use_mask_token\":true", "\"use_mask_token\":false", "Unexpected: embeddings.mask_token.")]
    [InlineData("\"use_relative_position_bias\":false", "\"use_relative_position_bias\":true", "Missing: encoder.layer.0.attention.attention.relative_position_bias.")]
    [InlineData("\"use_absolute_position_embeddings\":true", "\"use_absolute_position_embeddings\":false", "Unexpected: embeddings.position_embeddings.")]
    [InlineData("\"intermediate_size\":16", "\"intermediate_size\":24", "encoder.layer.0.intermediate.dense.weight has the shape [16, 8], not [24, 8]")]
    [InlineData("\"num_hidden_layers\":1", "\"num_hidden_layers\":900", "the checkpoint holds")]
    [InlineData("\"hidden_size\":8", "\"hidden_size\":65536", "the checkpoint holds")]
    public void Load_ConfigOfAnotherModel_SaysWhatDoesNotFit(string was, string becomes, string message)
    {
        var variant = new BeitVariant(2, 4, 8, 2, 16, 1, Relative: false, false, Absolute: true, true, true, MaskToken: true);
        using var folder = new TemporaryModel(variant.Write);
        var path = Path.Combine(folder.Path, "config.json");
        var config = File.ReadAllText(path);
        Assert.Contains(was, config, StringComparison.Ordinal);
        File.WriteAllText(path, config.Replace(was, becomes, StringComparison.Ordinal));

        var e = Assert.Throws<CheckpointFormatException>(() => BeitEncoder.Load(folder.Path, TorchDevice.Cpu, EncoderPrecision.Float32, 1));

        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TensorType.F16)]
    [InlineData(TensorType.BF16)]
    [InlineData(TensorType.F64)]
    public void Load_OtherElementTypes_AreConverted(TensorType type)
    {
        using var folder = new TemporaryModel(path =>
        {
            float[] values = [0, 1, -2.5f, 0.125f, 65280, -0.0009765625f];
            var tensor = type switch
            {
                TensorType.F16 => TensorData.Create<Half>("weight", type, values.Select(value => (Half)value).ToArray(), [2, 3]),
                TensorType.BF16 => TensorData.Create<ushort>("weight", type, values.Select(value => (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16)).ToArray(), [2, 3]),
                _ => TensorData.Create<double>("weight", type, values.Select(value => (double)value).ToArray(), [2, 3]),
            };
            using var stream = File.Create(Path.Combine(path, "model.safetensors"));
            SafetensorsWriter.Write(stream, [tensor]);
        });
        TorchRuntime.Load();
        using var checkpoint = Checkpoint.Open(folder.Path);

        using var weight = new CheckpointParameters(checkpoint, [("weight", [2L, 3L])], name => name, "test").Read("weight");

        Assert.Equal([0, 1, -2.5f, 0.125f, 65280, -0.0009765625f], weight.data<float>().ToArray());
    }

    private static BeitConfig Parse(string json) => BeitConfig.Parse(Encoding.UTF8.GetBytes(json), "config.json");
}
