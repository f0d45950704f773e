using System.Security.Cryptography;
using System.Text;
using ActorCluster.Core.Faults;
using ActorCluster.Models.Checkpoints;
using ActorCluster.Models.Fusion;
using ActorCluster.Storage;

namespace ActorCluster.Models.Tests.Fusion;

public sealed class FusionCheckpointTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("actorcluster-fusion-").FullName;

    private string Weights => Path.Combine(_folder, FusionCheckpoint.WeightsName);

    private string Config => Path.Combine(_folder, FusionCheckpoint.ConfigName);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(PositionKind.Sinusoidal)]
    [InlineData(PositionKind.Learned)]
    public void Open_Saved_SameNetworkAndSameBytesAgain(PositionKind position)
    {
        var config = FusionSamples.Config with { Position = position };
        using var network = FusionSamples.Network(config, 1);
        FusionCheckpoint.Save(_folder, network);
        var (weights, json) = (File.ReadAllBytes(Weights), File.ReadAllBytes(Config));

        using var back = FusionCheckpoint.Open(_folder, config.VisualEncoder, config.AudioEncoder);

        Assert.Equal(network.named_parameters().Select(p => p.name), back.named_parameters().Select(p => p.name));
        Assert.Equal(network.parameters().SelectMany(FusionSamples.Bits), back.parameters().SelectMany(FusionSamples.Bits));
        Assert.Equal(config.ToJson(), back.Config.ToJson());
        FusionCheckpoint.Save(_folder, back);
        Assert.Equal(weights, File.ReadAllBytes(Weights));
        Assert.Equal(json, File.ReadAllBytes(Config));
        Assert.Equal(2, Directory.GetFiles(_folder).Length);
    }

    [Fact]
    public void Open_OtherEncoder_RefusedBeforeTheWeightsAreRead()
    {
        Save();
        File.Delete(Weights);
        var e = Assert.Throws<EnvironmentFaultException>(() => FusionCheckpoint.Open(_folder, FusionSamples.Config.VisualEncoder, new("wavlm-other", "x")));
        Assert.Contains("wavlm-test", e.Message, StringComparison.Ordinal);
        Assert.Contains("wavlm-other", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_WrongTensors_NamesEachOfThem()
    {
        Save();
        Rewrite(tensors =>
        [
            .. tensors.Where(t => t.Name != "gate.bias").Select(t => t.Name switch
            {
                "head_out.bias" => TensorData.Create<float>(t.Name, TensorType.F32, new float[9], 9),
                "head_in.bias" => TensorData.Create<long>(t.Name, TensorType.I64, new long[24], 24),
                _ => t,
            }),
            TensorData.Create<float>("visual.layers.2.extra", TensorType.F32, new float[1], 1),
        ]);

        var message = Refused();

        Assert.Contains(FusionCheckpoint.WeightsName, message, StringComparison.Ordinal);
        Assert.Contains("Missing: gate.bias.", message, StringComparison.Ordinal);
        Assert.Contains("head_out.bias has the shape [9], not [8]", message, StringComparison.Ordinal);
        Assert.Contains("head_in.bias has the type I64", message, StringComparison.Ordinal);
        Assert.Contains("Unexpected: visual.layers.2.extra.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NotFiniteParameter_NamesIt()
    {
        Save();
        Rewrite(tensors => [.. tensors.Select(t => t.Name == "gate.bias" ? TensorData.Create<float>(t.Name, TensorType.F32, Enumerable.Repeat(float.NaN, 24).ToArray(), 24) : t)]);
        Assert.Contains("gate.bias hold values that are not finite", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ConfigurationOfAnotherSave_Refused()
    {
        Save();
        File.WriteAllBytes(Config, (FusionSamples.Config with { Dropout = 0.5 }).ToJson());
        Assert.Contains("was not saved together with the config.json", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_HugeConfiguration_RefusedWithoutTakingTheMemory()
    {
        Save();
        var huge = (FusionSamples.Config with { HiddenSize = 16_380, FeedForwardSize = 16_384, Layers = 64 }).ToJson();
        File.WriteAllBytes(Config, huge);
        Rewrite(tensors => tensors, new() { ["config_sha256"] = Convert.ToHexStringLower(SHA256.HashData(huge)) });
        Assert.Matches("config.json describes [0-9]{12} parameters, but the file holds [0-9]{5}\\.", Refused());
    }

    [Fact]
    public void Open_TruncatedWeights_Refused()
    {
        Save();
        using (var stream = File.OpenWrite(Weights))
        {
            stream.SetLength(stream.Length - 1);
        }

        Assert.Contains(Weights, Refused(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"architectures\": [\"BeitModel\"] }", "architectures")]
    [InlineData("not json", "config.json")]
    public void Open_ForeignConfiguration_Refused(string json, string expected)
    {
        Save();
        File.WriteAllBytes(Config, Encoding.UTF8.GetBytes(json));
        Assert.Contains(expected, Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_EndlessConfiguration_Refused()
    {
        Save();
        File.WriteAllBytes(Config, Enumerable.Repeat((byte)' ', (1 << 20) + 1).ToArray());
        Assert.Contains("more than 1048576 bytes", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FileMissing_NamesIt()
    {
        Assert.Contains(Config, Refused(), StringComparison.Ordinal);
        Save();
        File.Delete(Weights);
        Assert.Contains(Weights, Refused(), StringComparison.Ordinal);
    }

    private void Save()
    {
        using var network = FusionSamples.Network(FusionSamples.Config, 1);
        FusionCheckpoint.Save(_folder, network);
    }

    private void Rewrite(Func<TensorData[], TensorData[]> change, Dictionary<string, string>? forged = null)
    {
        TensorData[] tensors;
        Dictionary<string, string> metadata;
        using (var file = SafetensorsFile.Open(Weights))
        {
            tensors = [.. file.Tensors.Select(t => TensorData.Create<float>(t.Name, t.Type, file.Read<float>(t.Name), t.Shape.AsSpan()))];
            metadata = new(file.Metadata);
        }

        using var stream = File.Create(Weights);
        SafetensorsWriter.Write(stream, change(tensors), forged ?? metadata);
    }

    private string Refused() => Assert.Throws<CheckpointFormatException>(() => FusionCheckpoint.Open(_folder)).Message;
}
