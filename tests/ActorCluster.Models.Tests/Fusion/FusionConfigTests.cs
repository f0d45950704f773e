using System.Text;
using System.Text.Json.Nodes;
using ActorCluster.Core.Faults;
using ActorCluster.Models.Fusion;

namespace ActorCluster.Models.Tests.Fusion;

public sealed class FusionConfigTests
{
    [Fact]
    public void Parse_ToJson_ReadsBackTheSame()
    {
        var config = FusionSamples.Config with { Position = PositionKind.Learned, ModalityDropout = new(0.15, DroppedModality.Either), Dropout = 0.25 };

        var back = FusionConfig.Parse(config.ToJson());

        Assert.Equal(config with { Classes = back.Classes, Prior = back.Prior }, back);
        Assert.Equal(config.Prior.AsEnumerable(), back.Prior);
        Assert.Equal(config.ToJson(), back.ToJson());
    }

    [Fact]
    public void ToJson_Defaults_AreThePapersBestSetting()
    {
        var config = new FusionConfig
        {
            Prior = FusionSamples.Config.Prior, VisualEncoder = FusionSamples.Config.VisualEncoder, AudioEncoder = FusionSamples.Config.AudioEncoder,
        };

        Assert.Equal((256, 3, 0.1, DroppedModality.Visual), (config.HiddenSize, config.Layers, config.ModalityDropout.Probability, config.ModalityDropout.Modality));
        Assert.Equal(config.ToJson(), FusionConfig.Parse(config.ToJson()).ToJson());
    }

    [Fact]
    public void Parse_AnyKeyLeftOut_NamesIt()
    {
        var json = Json();
        foreach (var (path, key) in json.Select(p => ("", p.Key)).Concat(json["visualEncoder"]!.AsObject().Select(p => ("visualEncoder", p.Key))).ToList())
        {
            var without = Json();
            (path.Length == 0 ? without : without[path]!.AsObject()).Remove(key);
            Assert.Contains($"'{key}'", Refused(without.ToJsonString()), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("hiddenSize", "25", "hiddenSize 25 is not a multiple of heads 3")]
    [InlineData("hiddenSize", "1000000", "hiddenSize is 1000000")]
    [InlineData("layers", "0", "layers is 0")]
    [InlineData("heads", "0", "heads is 0")]
    [InlineData("heads", "\"3\"", "$.heads")]
    [InlineData("dropout", "1", "dropout is 1")]
    [InlineData("dropout", "\"NaN\"", "$.dropout")]
    [InlineData("position", "\"rotary\"", "$.position")]
    [InlineData("position", "0", "$.position")]
    [InlineData("windowLength", "4097", "windowLength is 4097")]
    [InlineData("classes", "[\"Neutral\"]", "classes must be Neutral, Anger")]
    [InlineData("prior", "[1, 0, 0, 0, 0, 0, 0, 0]", "prior must be 8 probabilities")]
    [InlineData("prior", "[0.5, 0.5]", "prior must be 8 probabilities")]
    [InlineData("prior", "null", "prior")]
    [InlineData("modalityDropout", "{\"probability\": 1.5, \"modality\": \"visual\"}", "modalityDropout.probability is 1.5")]
    [InlineData("modalityDropout", "{\"probability\": 0.5, \"modality\": \"both\"}", "$.modalityDropout.modality")]
    [InlineData("audioEncoder", "{\"name\": \"\", \"hash\": \"x\"}", "audioEncoder needs a name")]
    [InlineData("audioEncoder", "null", "audioEncoder")]
    [InlineData("unheardOf", "1", "unheardOf")]
    public void Parse_WrongValue_NamesTheKey(string key, string value, string expected)
    {
        var json = Json();
        json[key] = JsonNode.Parse(value);
        Assert.Contains(expected, Refused(json.ToJsonString()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"layers\": 1, \"layers\": 2}")]
    public void Parse_NoConfiguration_Refused(string text) => Assert.NotEmpty(Refused(text));

    [Fact]
    public void RequireEncoders_Same_PassesWhateverTheName() =>
        FusionSamples.Config.RequireEncoders(FusionSamples.Config.VisualEncoder with { Name = "a copy" }, FusionSamples.Config.AudioEncoder);

    [Fact]
    public void RequireEncoders_Others_NamesBothAndTheRemedy()
    {
        var e = Assert.Throws<EnvironmentFaultException>(() => FusionSamples.Config.RequireEncoders(new("beit-other", "cccc3333"), new("wavlm-other", "dddd4444")));

        Assert.Equal(
            "The fusion network was trained with the visual encoder beit-test (aaaa1111), but the pipeline uses beit-other (cccc3333). "
            + "The fusion network was trained with the audio encoder wavlm-test (bbbb2222), but the pipeline uses wavlm-other (dddd4444).",
            e.Cause);
        Assert.Contains("Use the encoders", e.Remedy, StringComparison.Ordinal);
    }

    private static JsonObject Json() => JsonNode.Parse(FusionSamples.Config.ToJson())!.AsObject();

    private static string Refused(string json) => Assert.Throws<FormatException>(() => FusionConfig.Parse(Encoding.UTF8.GetBytes(json))).Message;
}
