using System.Text.Json.Nodes;
using ActorCluster.Core;
using ActorCluster.Core.Labels;
using ActorCluster.Storage;

namespace ActorCluster.Node.Tests.Scoring;

public sealed class ScoreTests : IDisposable
{
    private const string Header = "Neutral,Anger,Disgust,Fear,Happiness,Sadness,Surprise,Other\n";

    private readonly Sandbox _sandbox = new();
    private readonly string _labels;
    private readonly string _predictions;

    public ScoreTests()
    {
        _labels = Directory.CreateDirectory(_sandbox.InFolder("labels")).FullName;
        _predictions = Directory.CreateDirectory(_sandbox.InFolder("predictions")).FullName;
    }

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [InlineData("csv")]
    [InlineData("parquet")]
    [InlineData("txt")]
    public async Task Score_GoldenCutIntoVideos_AgreesWithScikitLearnInEveryFormat(string format)
    {
        var golden = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "goldens", "metrics", "main.json")))!;
        var (labels, predictions) = (Numbers(golden["labels"]!), Numbers(golden["predictions"]!));
        for (var (from, video) = (0, 0); from < labels.Length; from += 1000, video++)
        {
            WriteLabels($"v{video}_left", labels.AsSpan(from, 1000));
            await WritePredictionsAsync($"v{video}_left", predictions[from..(from + 1000)], format);
        }

        var result = await RunAsync();

        var score = JsonNode.Parse(result.Expect(0).Output)!;
        Assert.Empty(result.Error);
        Assert.Equal(labels.Count(l => l >= 0), score["frames"]!.GetValue<int>());
        Assert.Equal(5, score["videos"]!.GetValue<int>());
        Assert.Equal(Number(golden["accuracy"]), Number(score["accuracy"]), 1e-12);
        Assert.Equal(Number(golden["macro_f1"]), Number(score["macro_f1"]), 1e-12);
        Assert.InRange(Number(score["macro_f1"]), Number(score["macro_f1_interval"]!["low"]), Number(score["macro_f1_interval"]!["high"]));
        Assert.True(JsonNode.DeepEquals(golden["confusion_matrix_rows_true_cols_pred"], score["confusion"]), "confusion counts");
        for (var c = 0; c < 8; c++)
        {
            var ofClass = score["per_class"]![c]!;
            Assert.Equal(Expressions.Names[c], ofClass["label"]!.GetValue<string>());
            Assert.Equal(Number(golden["f1"]![c]), Number(ofClass["f1"]), 1e-12);
            Assert.Equal(Number(golden["precision"]![c]), Number(ofClass["precision"]), 1e-12);
            Assert.Equal(Number(golden["recall"]![c]), Number(ofClass["recall"]), 1e-12);
        }

        // Every second frame of ours has a face.
        var withFace = score["with_face"];
        Assert.Equal(format == "txt", withFace is null);
        if (withFace is not null)
        {
            Assert.Equal(labels.Where((l, i) => l >= 0 && i % 2 == 0).Count(), withFace["frames"]!.GetValue<int>());
        }
    }

    [Fact]
    public async Task Score_SplitGiven_TakesItsVideosAlone()
    {
        WriteLabels("a", [0, 1, 2]);
        WriteLabels("b", [3, 3, 3]);
        await WritePredictionsAsync("a", [0, 1, 2], "txt");
        await WritePredictionsAsync("b", [0, 0, 0], "txt");
        var split = _sandbox.InFolder("split.csv");
        await File.WriteAllTextAsync(split, "id,split\na,validation\nb,train\n");

        var score = JsonNode.Parse((await RunAsync("--split", split, "--set", "validation")).Expect(0).Output)!;

        Assert.Equal((1, 3, 1.0), (score["videos"]!.GetValue<int>(), score["frames"]!.GetValue<int>(), Number(score["accuracy"])));
        Assert.Contains("go together", (await RunAsync("--split", split)).Expect(2).Error);
        await File.WriteAllTextAsync(split, "id,split\nc,test\n");
        Assert.Contains("1 videos of the split have no label file", (await RunAsync("--split", split, "--set", "test")).Expect(2).Error);
    }

    [Fact]
    public async Task Score_LabelsWithoutPredictions_IsAnErrorThatNamesThem()
    {
        WriteLabels("a", [0]);
        WriteLabels("b_left", [0]);
        await WritePredictionsAsync("a", [0], "txt");
        await WritePredictionsAsync("b", [0], "txt");

        var result = (await RunAsync()).Expect(2);

        Assert.Contains("1 label files have no predictions", result.Error);
        Assert.Contains("\n  b_left (there are some of 'b', but not of this person)", result.Error);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task Score_DamagedFiles_AreAllNamedWithTheirLines()
    {
        await File.WriteAllTextAsync(Path.Combine(_labels, "a.txt"), Header + "0\n9\n");
        WriteLabels("b", [0, 1, 2]);
        await WritePredictionsAsync("a", [0, 0], "txt");
        await WritePredictionsAsync("b", [0, 1, 2, 3, 4], "csv");

        var result = (await RunAsync()).Expect(2);

        Assert.Contains("a.txt, line 3: '9' is not a label", result.Error);
        Assert.Contains("b.csv has 5 frames but 3 labels", result.Error);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task Score_OneFrameApartAndWithoutHeader_IsScoredAndNoticed()
    {
        var (labels, predictions) = (_sandbox.InFolder("x.txt"), _sandbox.InFolder("y.txt"));
        await File.WriteAllTextAsync(labels, "\uFEFF4\r\n4\r\n-1\r\n5,\r\n\r\n");
        await File.WriteAllTextAsync(predictions, "4\n4\n4\n4\n4\n");

        var result = (await ActorClusterProcess.RunAsync(["score", "--labels", labels, "--predictions", predictions])).Expect(0);

        var score = JsonNode.Parse(result.Output)!;
        Assert.Equal(3, score["frames"]!.GetValue<int>());
        Assert.Equal(2.0 / 3, Number(score["accuracy"]), 1e-12);
        Assert.Equal("Happiness", score["baseline"]!["label"]!.GetValue<string>());
        Assert.Contains("x: The header line is missing", result.Error);
        Assert.Contains("5 frames but 4 labels", result.Error);
    }

    [Fact]
    public async Task Score_PathsThatAreNot_AreRefused()
    {
        WriteLabels("a", [0]);

        Assert.Contains("There is no file or folder 'missing'", (await ActorClusterProcess.RunAsync(["score", "--labels", "missing", "--predictions", _predictions])).Expect(2).Error);
        Assert.Contains("There is no folder 'missing'", (await ActorClusterProcess.RunAsync(["score", "--labels", _labels, "--predictions", "missing"])).Expect(2).Error);
        Assert.Contains("holds no label file", (await ActorClusterProcess.RunAsync(["score", "--labels", _predictions, "--predictions", _predictions])).Expect(2).Error);
    }

    private static double Number(JsonNode? node) => node!.GetValue<double>();

    private static sbyte[] Numbers(JsonNode node) => [.. node.AsArray().Select(n => n!.GetValue<sbyte>())];

    private Task<ProcessResult> RunAsync(params string[] more) => ActorClusterProcess.RunAsync(["score", "--labels", _labels, "--predictions", _predictions, .. more]);

    private void WriteLabels(string id, ReadOnlySpan<sbyte> labels)
    {
        using var file = File.Create(Path.Combine(_labels, id + ".txt"));
        LabelFile.Write(file, labels);
    }

    private async Task WritePredictionsAsync(string id, sbyte[] labels, string format)
    {
        await using var file = File.Create(Path.Combine(_predictions, $"{id}.{format}"));
        var predictions = new FramePredictions(
            [.. labels.Select((_, i) => i / 25.0)],
            [.. labels.Select(l => (Expression)l)],
            [.. labels.SelectMany(l => Enumerable.Range(0, 8).Select(c => c == l ? 1.0 : 0.0))],
            [.. labels.Select((_, i) => FrameFlags.Decoded | (i % 2 == 0 ? FrameFlags.FacePresent : 0))]);
        switch (format)
        {
            case "csv":
                PredictionCsv.Write(file, predictions);
                break;
            case "parquet":
                await PredictionParquet.WriteAsync(file, predictions);
                break;
            default:
                await file.WriteAsync(System.Text.Encoding.ASCII.GetBytes(string.Concat(labels.Select(l => $"{l}\n"))));
                break;
        }
    }
}
