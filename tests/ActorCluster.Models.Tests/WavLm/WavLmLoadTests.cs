using ActorCluster.Models.Checkpoints;
using ActorCluster.Models.Torch;
using ActorCluster.Models.WavLm;
using ActorCluster.Storage;
using ActorCluster.Tests.Shared;

namespace ActorCluster.Models.Tests.WavLm;

/// <summary>What of a checkpoint is taken, and what is asked of it: no output shows <c>k_proj.bias</c> and <c>masked_spec_embed</c>.</summary>
public class WavLmLoadTests
{
    private const int Samples = 4000;

    [Theory]
    [InlineData(WavLmGoldens.Large)]
    [InlineData(WavLmGoldens.Base)]
    public void Find_Checkpoint_TakesEveryTensorAsItIs(string name)
    {
        TorchRuntime.Load();
        using var file = SafetensorsFile.Open(Path.Combine(WavLmGoldens.Folder(name), "model.safetensors"));
        using var checkpoint = Checkpoint.Open(WavLmGoldens.Folder(name));
        using var scope = TorchSharp.torch.NewDisposeScope();

        var parameters = WavLmParameters.Find(checkpoint, WavLmConfig.Load(WavLmGoldens.Folder(name)));

        Assert.Equal(file.Tensors.Select(tensor => tensor.Name).Order(StringComparer.Ordinal), parameters.Names.Order(StringComparer.Ordinal));
        Assert.All(file.Tensors, tensor => Assert.Equal(file.Read<float>(tensor.Name), parameters.Read(tensor.Name).data<float>().ToArray()));
        Assert.Contains("masked_spec_embed", parameters.Names);
        Assert.Contains("encoder.layers.3.attention.k_proj.bias", parameters.Names);
    }

    [Theory]
    [InlineData("masked_spec_embed")]
    [InlineData("encoder.layers.1.attention.k_proj.bias")]
    [InlineData("encoder.pos_conv_embed.conv.weight_g")]
    public void Load_TensorMissing_NamesIt(string missing)
    {
        using var folder = Rewritten(tensor => tensor.Name == missing ? null : tensor.Name);

        var refused = Assert.Throws<CheckpointFormatException>(() => WavLmEncoderTests.Load(folder.Path, Samples));
        Assert.Contains($"Missing: {missing}.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_TensorUnknown_NamesIt()
    {
        using var folder = Rewritten(tensor => tensor.Name == "masked_spec_embed" ? "masked_speck" : tensor.Name);

        var refused = Assert.Throws<CheckpointFormatException>(() => WavLmEncoderTests.Load(folder.Path, Samples));
        Assert.Contains("Unexpected: masked_speck.", refused.Message, StringComparison.Ordinal);
    }

    // The architecture of the large model with the base model's weights: its convolutions have norms that these lack.
    [Fact]
    public void Load_WeightsOfAnotherArchitecture_ListsWhatIsMissing()
    {
        using var folder = new ModelFolder(WavLmGoldens.Large, "config.json");
        File.Copy(Path.Combine(WavLmGoldens.Folder(WavLmGoldens.Base), "model.safetensors"), Path.Combine(folder.Path, "model.safetensors"));

        var refused = Assert.Throws<CheckpointFormatException>(() => WavLmEncoderTests.Load(folder.Path, Samples));
        Assert.Contains("Missing: feature_extractor.conv_layers.1.layer_norm.bias", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ConfigOfFarMoreThanTheFileHolds_IsRefusedBeforeMemoryIsTaken()
    {
        using var folder = new ModelFolder(WavLmGoldens.Large, "config.json", "model.safetensors");
        var config = Path.Combine(folder.Path, "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"intermediate_size\": 128", "\"intermediate_size\": 500000", StringComparison.Ordinal));

        var refused = Assert.Throws<CheckpointFormatException>(() => WavLmEncoderTests.Load(folder.Path, Samples));
        Assert.Contains("config.json describes a WavLM of ", refused.Message, StringComparison.Ordinal);
    }

    // PyTorch 2.1 and later name the parts of a weight norm otherwise; checkpoints with a head prefix the encoder's names and bring the head along.
    [Fact]
    public void Load_NewerNamesPrefixAndHead_EncodesTheSame()
    {
        using var folder = Rewritten(
            tensor => "wavlm." + tensor.Name
                .Replace("conv.weight_g", "conv.parametrizations.weight.original0", StringComparison.Ordinal)
                .Replace("conv.weight_v", "conv.parametrizations.weight.original1", StringComparison.Ordinal),
            TensorData.Create<float>("classifier.bias", TensorType.F32, new float[8], 8));

        Assert.Equal(Encode(WavLmGoldens.Folder(WavLmGoldens.Large)), Encode(folder.Path));
    }

    [Fact]
    public void Load_TinyCheckpointsOfBothKinds_Encode()
    {
        foreach (var large in (bool[])[true, false])
        {
            using var folder = new ModelFolder(WavLmGoldens.Large);
            TinyCheckpoints.WriteWavLm(folder.Path, new TinyWavLmSizes(Large: large), seed: 3);

            var tokens = Encode(folder.Path);
            Assert.All(tokens, value => Assert.InRange(value, -100, 100));
            Assert.True(tokens.Distinct().Count() > tokens.Length / 2);
        }
    }

    private static float[] Encode(string folder)
    {
        using var encoder = WavLmEncoderTests.Load(folder, Samples);
        var samples = Enumerable.Range(0, Samples).Select(i => MathF.Sin(i * i * 1e-4f)).ToArray();
        var tokens = new float[encoder.TokenCount * encoder.Config.HiddenSize];
        encoder.Encode(samples, [Samples], [], tokens);
        return tokens;
    }

    private static ModelFolder Rewritten(Func<TensorInfo, string?> rename, params TensorData[] more)
    {
        var folder = new ModelFolder(WavLmGoldens.Large, "config.json");
        using var source = SafetensorsFile.Open(Path.Combine(WavLmGoldens.Folder(WavLmGoldens.Large), "model.safetensors"));
        using var target = File.Create(Path.Combine(folder.Path, "model.safetensors"));
        var kept = from tensor in source.Tensors
                   let name = rename(tensor)
                   where name is not null
                   select TensorData.Create<float>(name, TensorType.F32, source.Read<float>(tensor.Name), [.. tensor.Shape]);
        SafetensorsWriter.Write(target, [.. kept, .. more]);
        return folder;
    }
}
