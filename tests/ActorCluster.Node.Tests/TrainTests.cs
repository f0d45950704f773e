using System.Text.Json.Nodes;
using ActorCluster.Core;
using ActorCluster.Core.Labels;
using ActorCluster.Core.Scoring;
using ActorCluster.Storage;

namespace ActorCluster.Node.Tests;

/// <summary>The whole way: features of real clips without a fusion network, a network trained on them, predictions with it.</summary>
public sealed class TrainTests
{
    [Fact]
    public async Task Train_FeaturesOfARun_MakesANetworkThatScoresInARunWhatItsTrainingSaid()
    {
        using var sandbox = new Sandbox();
        TinyModels.Write(sandbox.InFolder("models"));
        var labels = Labels(sandbox, ("speaker", 249), ("portrait", 125));
        var manifest = sandbox.InFolder("manifest.csv");
        await File.WriteAllTextAsync(manifest, $"id,uri,labels\nspeaker,{Clips.Speaker},{labels["speaker"]}\nportrait,{Clips.Portrait},{labels["portrait"]}\n");
        var features = TinyModels.Pipeline(sandbox, "features", fusion: null);
        (await ProcessAsync(sandbox, manifest, features, "features")).Expect(0);
        Assert.All(Read(sandbox, "features", "speaker").Flags, f => Assert.True(f.HasFlag(FrameFlags.Imputed) && !f.HasFlag(FrameFlags.Voted)));

        var splits = sandbox.InFolder("splits.csv");
        await File.WriteAllTextAsync(splits, "id,split\nspeaker,train\nportrait,validation\n");
        var (config, output) = (Config(sandbox, features), sandbox.InFolder("models/trained"));
        string[] train = ["train", "--run", "features", "--data", sandbox.Data, "--splits", splits, "--out", output, "--config", config, "--threads", "1"];
        var trained = (await ActorClusterProcess.RunAsync(train)).Expect(0);
        Assert.Contains("No training frame is labelled Other", trained.Output, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(Path.Combine(sandbox.Data, "training"), "*.safetensors", SearchOption.AllDirectories).Length);
        var state = File.ReadAllBytes(Path.Combine(output, "last", "state.safetensors"));
        (await ActorClusterProcess.RunAsync(train)).Expect(0);
        Assert.Equal(state, File.ReadAllBytes(Path.Combine(output, "last", "state.safetensors")));

        (await ProcessAsync(sandbox, manifest, TinyModels.Pipeline(sandbox, "fused", fusion: "trained/best"), "fused")).Expect(0);
        using (var summary = File.OpenRead(new DataDirectory(sandbox.Data).Run("fused").Summary))
        {
            Assert.Equal(0, RunSummaryJson.Read(summary).Chunks.Started);
        }

        var predictions = Read(sandbox, "fused", "portrait");
        Assert.All(predictions.Flags, f => Assert.True(f.HasFlag(FrameFlags.FacePresent) && !f.HasFlag(FrameFlags.Imputed)));
        using var stream = File.OpenRead(labels["portrait"]);
        var truth = LabelFile.Read(stream, "portrait").Labels;
        var score = ExpressionScore.Of(ConfusionMatrix.Of(truth.AsSpan(), [.. predictions.Labels.Select(l => (sbyte)l)]));
        var best = File.ReadLines(Path.Combine(output, "training.jsonl")).Select(l => JsonNode.Parse(l)!).Last(e => e["best"]!.GetValue<bool>());
        Assert.Equal(best["validation"]!["smoothed_f1"]!.GetValue<double>(), score.MacroF1);
        Assert.Equal(best["validation"]!["accuracy"]!.GetValue<double>(), score.Accuracy);

        // Evaluation says the same of the same network, in the shape of score.
        string[] evaluate = ["evaluate", "--checkpoint", Path.Combine(output, "best"), "--run", "features", "--data", sandbox.Data, "--splits", splits, "--out", sandbox.InFolder("evaluation"), "--threads", "1"];
        var evaluated = (await ActorClusterProcess.RunAsync(evaluate)).Expect(0);
        Assert.Contains("smoothed  macro F1 ", evaluated.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(sandbox.InFolder("evaluation/evaluation.html")) && File.Exists(sandbox.InFolder("evaluation/report.md")));
        var smoothed = JsonNode.Parse(File.ReadAllText(sandbox.InFolder("evaluation/report.json")))!["smoothed"]!;
        var scored = (await ActorClusterProcess.RunAsync(["score", "--labels", labels["portrait"], "--predictions", new DataDirectory(sandbox.Data).Run("fused").PredictionCsv("portrait")])).Expect(0);
        var scoreOfRun = JsonNode.Parse(scored.Output)!;
        foreach (var (key, value) in smoothed.AsObject())
        {
            Assert.True(JsonNode.DeepEquals(value, scoreOfRun[key]), key);
        }

        var refused = await ActorClusterProcess.RunAsync([.. evaluate, "--set", "train", "--calibrate"]);
        Assert.Contains("there is one video only", refused.Expect(2).Error, StringComparison.Ordinal);
        var missing = await ActorClusterProcess.RunAsync([.. evaluate.Select(a => a.EndsWith("best", StringComparison.Ordinal) ? sandbox.InFolder("elsewhere/network") : a)]);
        Assert.Contains("--config", missing.Expect(2).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("id,split\nspeaker,train\n", "There is no run 'none'", 1)]
    [InlineData("id,split\nspeaker,learn\n", "the split 'learn' is not one of train", 2)]
    public async Task Train_WrongRunOrSplits_IsRefusedByName(string splits, string expected, int exitCode)
    {
        using var sandbox = new Sandbox();
        var path = sandbox.InFolder("splits.csv");
        await File.WriteAllTextAsync(path, splits);
        var result = await ActorClusterProcess.RunAsync(["train", "--run", "none", "--data", sandbox.Data, "--splits", path, "--out", sandbox.InFolder("out")]);
        Assert.Contains(expected, result.Expect(exitCode).Error, StringComparison.Ordinal);
    }

    internal static Dictionary<string, string> Labels(Sandbox sandbox, params (string Id, int Frames)[] videos)
    {
        var paths = new Dictionary<string, string>();
        foreach (var (id, frames) in videos)
        {
            paths[id] = sandbox.InFolder(id + ".txt");
            using var stream = File.Create(paths[id]);
            LabelFile.Write(stream, [.. Enumerable.Range(0, frames).Select(i => (sbyte)((i / 20 % 8) - 1))]); // -1 to 6: no frame is Other.
        }

        return paths;
    }

    /// <summary>A small network and a short training whose validation votes as the pipeline does.</summary>
    internal static string Config(Sandbox sandbox, string pipelinePath)
    {
        var pipeline = JsonNode.Parse(File.ReadAllText(pipelinePath))!;
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "configs", "training", "paper.json")))!;
        foreach (var (key, value) in new[] { ("hiddenSize", 32), ("layers", 1), ("heads", 4), ("feedForwardSize", 64) })
        {
            config["network"]![key] = value;
        }

        config["windows"] = pipeline["windows"]!.DeepClone();
        config["voting"] = pipeline["voting"]!.DeepClone();
        (config["batch"], config["epochs"], config["optimizer"]!["learningRate"]) = (4, 3, 0.003);
        var path = sandbox.InFolder("training.json");
        File.WriteAllText(path, config.ToJsonString());
        return path;
    }

    internal static Task<ProcessResult> ProcessAsync(Sandbox sandbox, string manifest, string pipeline, string run) => ActorClusterProcess.RunAsync(
        ["process", manifest, "--data", sandbox.Data, "--run", run, "--pipeline", pipeline, "--models", sandbox.InFolder("models")]);

    private static FramePredictions Read(Sandbox sandbox, string run, string id)
    {
        using var file = File.OpenRead(new DataDirectory(sandbox.Data).Run(run).PredictionCsv(id));
        return PredictionCsvReader.Read(file);
    }
}
