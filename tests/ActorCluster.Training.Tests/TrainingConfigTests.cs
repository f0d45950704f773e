using System.Text.Json.Nodes;
using ActorCluster.Models.Fusion;

namespace ActorCluster.Training.Tests;

public sealed class TrainingConfigTests
{
    private static byte[] Shipped => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "configs", "training", "paper.json"));

    [Fact]
    public void Parse_ShippedFile_HasThePapersValuesAndReadsBackTheSame()
    {
        var config = TrainingConfig.Parse(Shipped);
        Assert.Equal((256, 3, 0.1, DroppedModality.Visual), (config.Network.HiddenSize, config.Network.Layers, config.Network.ModalityDropout.Probability, config.Network.ModalityDropout.Modality));
        Assert.Equal((64, 32, 32, 2.0, 1e-4), (config.Windows.Length, config.Windows.Stride, config.Batch, config.Loss.Gamma, config.Optimizer.LearningRate));
        Assert.Equal(config, TrainingConfig.Parse(config.ToJson()));
        Assert.Equal(Shipped, config.ToJson());
    }

    [Fact]
    public void Parse_AnyKeyLeftOut_NamesIt()
    {
        var paths = new List<string[]>();
        Collect(JsonNode.Parse(Shipped)!.AsObject(), []);
        Assert.True(paths.Count > 30);
        foreach (var path in paths)
        {
            var json = JsonNode.Parse(Shipped)!;
            path[..^1].Aggregate(json, (node, key) => node[key]!).AsObject().Remove(path[^1]);
            Assert.Contains($"'{path[^1]}'", Refused(json), StringComparison.Ordinal);
        }

        void Collect(JsonObject node, string[] above)
        {
            foreach (var (key, value) in node)
            {
                paths.Add([.. above, key]);
                if (value is JsonObject child)
                {
                    Collect(child, [.. above, key]);
                }
            }
        }
    }

    [Theory]
    [InlineData("batch", "0", "batch is 0")]
    [InlineData("epochs", "\"20\"", "$.epochs")]
    [InlineData("unheardOf", "1", "unheardOf")]
    [InlineData("windows", "{\"length\": 8, \"stride\": 9}", "windows.stride is 9; it must be 1 to 8")]
    [InlineData("loss", "{\"gamma\": -1, \"classWeights\": \"none\"}", "loss.gamma is -1")]
    [InlineData("loss", "{\"gamma\": 2, \"classWeights\": 0}", "$.loss.classWeights")]
    [InlineData("voting", "{\"medianOver\": \"labels\", \"medianKernel\": 4, \"imputeWithinSeconds\": 1}", "must be odd")]
    public void Parse_WrongValue_NamesTheKey(string key, string value, string expected)
    {
        var json = JsonNode.Parse(Shipped)!;
        json[key] = JsonNode.Parse(value);
        Assert.Contains(expected, Refused(json), StringComparison.Ordinal);
    }

    private static string Refused(JsonNode json) =>
        Assert.Throws<FormatException>(() => TrainingConfig.Parse(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()))).Message;
}
