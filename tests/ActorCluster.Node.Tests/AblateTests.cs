using System.Text.Json.Nodes;

namespace ActorCluster.Node.Tests;

/// <summary>Ablations as processes: undisturbed, and killed in the middle.</summary>
public sealed class AblateTests
{
    private static readonly string[] Tables = ["ablation.csv", "ablation.md", "ablation.html"];

    [Fact]
    public async Task Ablate_KilledAndStoppedInTheMiddle_EndsWithTheTableOfAnUndisturbedOne()
    {
        using var sandbox = new Sandbox();
        var features = await FeaturesAsync(sandbox);
        var grid = await GridAsync(sandbox, features, epochs: 6);
        var undisturbed = Command(sandbox, grid, "undisturbed/table");
        Assert.Contains("All 4 trials have ended.", (await ActorClusterProcess.RunAsync(undisturbed)).Expect(0).Output, StringComparison.Ordinal);

        var killed = Command(sandbox, grid, "killed/table");
        await ActorClusterProcess.KillAtAsync(killed, "renamed@state.safetensors", sandbox.InFolder("marker"));
        Assert.NotEmpty(Find(sandbox, "state.safetensors"));
        Assert.Empty(Results(sandbox));

        // Not all trials can have ended before the interruption.
        using (var process = ActorClusterProcess.Start(killed, environment: HeldBack.At("written", "seed-2/result.json")))
        {
            await process.UntilAsync(() => Results(sandbox).Count > 0, "a trial has ended");
            process.Interrupt();
            (await process.EndAsync()).Expect(130);
        }

        var finished = Results(sandbox).ToDictionary(path => path, File.GetLastWriteTimeUtc);
        (await ActorClusterProcess.RunAsync(killed)).Expect(0);
        Assert.All(finished, f => Assert.Equal(f.Value, File.GetLastWriteTimeUtc(f.Key)));
        foreach (var table in Tables)
        {
            Assert.Equal(await File.ReadAllTextAsync(sandbox.InFolder($"undisturbed/table/{table}")), await File.ReadAllTextAsync(sandbox.InFolder($"killed/table/{table}")));
        }

        var csv = await File.ReadAllLinesAsync(sandbox.InFolder("killed/table/ablation.csv"));
        Assert.Equal(5, csv.Length);
        Assert.StartsWith("one layer,video and audio,0.567700,0.462800,2,", csv[1], StringComparison.Ordinal);
        await sandbox.LeavesNothingBehindAsync();
    }

    [Fact]
    public async Task Ablate_BadGridOrLabels_IsRefusedByName()
    {
        using var sandbox = new Sandbox();
        var features = await FeaturesAsync(sandbox);
        var grid = await GridAsync(sandbox, features, epochs: 1);
        var command = Command(sandbox, grid, "out");
        File.Delete(sandbox.InFolder("portrait.txt"));
        var labels = (await ActorClusterProcess.RunAsync(command)).Expect(2);
        Assert.Contains("portrait: training set: its label file", labels.Error, StringComparison.Ordinal);
        await File.WriteAllTextAsync(grid, (await File.ReadAllTextAsync(grid)).Replace("network.layers", "network.depth", StringComparison.Ordinal));
        Assert.Contains("the base has no 'network.depth'", (await ActorClusterProcess.RunAsync(command)).Expect(2).Error, StringComparison.Ordinal);
    }

    private static List<string> Results(Sandbox sandbox) => Find(sandbox, "result.json");

    private static List<string> Find(Sandbox sandbox, string name) =>
        Directory.Exists(sandbox.InFolder("killed")) ? [.. Directory.GetFiles(sandbox.InFolder("killed"), name, SearchOption.AllDirectories)] : [];

    private static string[] Command(Sandbox sandbox, string grid, string output) =>
        ["ablate", "--run", "features", "--data", sandbox.Data, "--splits", sandbox.InFolder("splits.csv"), "--grid", grid, "--out", sandbox.InFolder(output), "--slots", "2"];

    /// <summary>Features of two real clips, with labels.</summary>
    private static async Task<string> FeaturesAsync(Sandbox sandbox)
    {
        TinyModels.Write(sandbox.InFolder("models"));
        var labels = TrainTests.Labels(sandbox, ("speaker", 249), ("portrait", 125));
        var manifest = sandbox.InFolder("manifest.csv");
        await File.WriteAllTextAsync(manifest, $"id,uri,labels\nspeaker,{Clips.Speaker},{labels["speaker"]}\nportrait,{Clips.Portrait},{labels["portrait"]}\n");
        var pipeline = TinyModels.Pipeline(sandbox, "features", fusion: null);
        (await TrainTests.ProcessAsync(sandbox, manifest, pipeline, "features")).Expect(0);
        await File.WriteAllTextAsync(sandbox.InFolder("splits.csv"), "id,split\nspeaker,train\nportrait,validation\n");
        return pipeline;
    }

    private static async Task<string> GridAsync(Sandbox sandbox, string pipeline, int epochs)
    {
        var config = JsonNode.Parse(await File.ReadAllTextAsync(TrainTests.Config(sandbox, pipeline)))!;
        (config["epochs"], config["patience"]) = (epochs, epochs);
        var grid = new JsonObject
        {
            ["base"] = config,
            ["seeds"] = new JsonArray(1, 2),
            ["evaluate"] = new JsonObject { ["set"] = "validation", ["missingFaces"] = new JsonArray(0.5) },
            ["cells"] = new JsonArray(
                new JsonObject { ["name"] = "one layer", ["set"] = new JsonObject { ["network.layers"] = 1 }, ["published"] = new JsonObject { ["accuracy"] = 0.5677, ["f1"] = 0.4628 } },
                new JsonObject { ["name"] = "two layers", ["set"] = new JsonObject { ["network.layers"] = 2 } }),
        };
        var path = sandbox.InFolder("grid.json");
        await File.WriteAllTextAsync(path, grid.ToJsonString());
        return path;
    }
}
