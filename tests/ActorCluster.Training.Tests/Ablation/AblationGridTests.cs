using System.Text;
using System.Text.Json.Nodes;
using ActorCluster.Core.Labels;
using ActorCluster.Training.Ablation;

namespace ActorCluster.Training.Tests.Ablation;

public sealed class AblationGridTests
{
    private static readonly string Configs = Path.Combine(AppContext.BaseDirectory, "configs", "training");

    [Fact]
    public void Parse_ShippedGrid_IsThePapersTable()
    {
        var grid = Read(Shipped());
        Assert.Equal(
            [
                (0.00, 256, 2, .5677, .4628), (0.00, 512, 2, .5820, .4739), (0.00, 256, 3, .5824, .4764), (0.00, 512, 3, .5730, .4626),
                (0.10, 256, 3, .6079, .5029), (0.10, 256, 4, .5981, .4814), (0.15, 256, 3, .5815, .4819), (0.20, 256, 3, .5935, .4734),
            ],
            grid.Cells.Select(c => (c.Config.Network.ModalityDropout.Probability, c.Config.Network.HiddenSize, c.Config.Network.Layers, c.Published!.Accuracy, c.Published.F1)));
        Assert.All(grid.Cells, c => Assert.Equal(4 * c.Config.Network.HiddenSize, c.Config.Network.FeedForwardSize));
        Assert.Equal(DatasetSplit.Validation, grid.Evaluate.Set);
        Assert.Equal(["video and audio", "50 % of the faces missing"], grid.Evaluate.ConditionNames.AsEnumerable());

        // The paper's best cell is the shipped training.
        Assert.Equal(File.ReadAllBytes(Path.Combine(Configs, "paper.json")), grid.Cells[4].Config.ToJson());
    }

    [Fact]
    public void Parse_BaseInPlace_IsTheSameAsItsFile()
    {
        var json = Shipped();
        json["base"] = JsonNode.Parse(File.ReadAllText(Path.Combine(Configs, "paper.json")));
        Assert.Equal(Read(Shipped()).Cells.AsEnumerable(), Read(json).Cells.AsEnumerable());
    }

    [Theory]
    [InlineData("$.cells[1].set['network.depth']", "3", "the base has no 'network.depth'")]
    [InlineData("$.cells[1].set['network.layers.more']", "3", "the base has no 'network.layers.more'")]
    [InlineData("$.cells[1].set['network.layers']", "\"three\"", "Cell 'p=0.00 d=512 l=2'")]
    [InlineData("$.cells[1].set['network.heads']", "7", "hiddenSize 512 is not a multiple of heads 7")]
    [InlineData("$.cells[1].set['batch']", "0", "batch is 0")]
    [InlineData("$.cells[1].name", "\"p=0.00 d=256 l=2\"", "2 cells are called")]
    [InlineData("$.cells[1].name", "\"../up\"", "The cell name '../up'")]
    [InlineData("$.cells[1].name", "\"a/b\"", "The cell name 'a/b'")]
    [InlineData("$.cells[1].published", "{\"accuracy\": 57, \"f1\": 0.5}", "published values are 0 to 1")]
    [InlineData("$.cells", "[]", "It has 0 cells")]
    [InlineData("$.seeds", "[1, 1]", "seeds must be")]
    [InlineData("$.seeds", "[]", "seeds must be")]
    [InlineData("$.evaluate.missingFaces", "[0]", "evaluate.missingFaces has 0")]
    [InlineData("$.evaluate.set", "\"train\"", "evaluate.set must be")]
    [InlineData("$.evaluate.faces", "1", "faces")]
    [InlineData("$.grid", "1", "grid")]
    [InlineData("$.base", "3", "base:")]
    public void Parse_SomethingWrong_IsNamed(string path, string value, string expected)
    {
        var json = Shipped();
        var (parent, key) = Place(json, path);
        parent[key] = JsonNode.Parse(value);
        Assert.Contains(expected, Assert.Throws<FormatException>(() => Read(json)).Message, StringComparison.Ordinal);
    }

    private static (JsonObject Parent, string Key) Place(JsonNode json, string path)
    {
        var quoted = path.IndexOf("['", StringComparison.Ordinal);
        var (steps, last) = quoted < 0 ? (path.Split('.')[1..^1], path.Split('.')[^1]) : (path[..quoted].Split('.')[1..], path[(quoted + 2)..^2]);
        foreach (var step in steps)
        {
            var bracket = step.IndexOf('[', StringComparison.Ordinal);
            json = bracket < 0 ? json[step]! : json[step[..bracket]]![step[bracket + 1] - '0']!;
        }

        return (json.AsObject(), last);
    }

    private static JsonNode Shipped() => JsonNode.Parse(File.ReadAllText(Path.Combine(Configs, "ablation-paper.json")))!;

    private static AblationGrid Read(JsonNode json) => AblationGrid.Parse(Encoding.UTF8.GetBytes(json.ToJsonString()), Configs);
}
