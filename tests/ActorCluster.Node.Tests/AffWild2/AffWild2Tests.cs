using System.Text.Json.Nodes;
using ActorCluster.Core;
using ActorCluster.Storage;
using static ActorCluster.Node.Tests.AffWild2.AffWild2Tree;

namespace ActorCluster.Node.Tests.AffWild2;

/// <summary>The whole way of a challenge's data set through the real executable: doctor, features, training, evaluation, submission.</summary>
public sealed class AffWild2Tests
{
    [Fact]
    public async Task FlawedCopy_DoctorTrainEvaluateSubmit_FindsNamesAndBridgesTheFlaws()
    {
        using var sandbox = new Sandbox();
        TinyModels.Write(sandbox.InFolder("models"));
        var tree = await CreateAsync(sandbox.Root);

        // The doctor finds the flaws, all of them and nothing else.
        string[] bridged =
        [
            $"notice {Headless}: The header line is missing; line 1 was taken for the label of frame 1.",
            $"notice {OffByOne}: The video has 20 frames, but there are labels for 21.",
            $"notice {OffByOne}: 1 of 21 frames have no crop, 1 of them are labelled.",
            $"notice {Gaps}: 4 of 20 frames have no crop, 3 of them are labelled.",
            $"notice {Test}: 1 frames of the template have no crop.",
        ];
        var header = $"problem {CutHeader}: Train_Set/{CutHeader}.txt, line 1: the header 'Neutral,Anger,Disgust,Fear,Happiness,Sadness,Surprise' does not name the eight classes in order;"
            + " 'Neutral,Anger,Disgust,Fear,Happiness,Sadness,Surprise,Other' is expected.";
        Assert.Equal(Sorted([.. bridged, header, $"problem {Right}: There is no folder of crops of this name."]), await DoctorAsync(tree, exitCode: 1));

        // What cannot be bridged costs its video alone, and training refuses it by name.
        var features = TinyModels.Pipeline(sandbox, "features", fusion: null, faces: "aligned");
        (await ProcessAsync(sandbox, tree, features, "flawed")).Expect(3);
        Assert.Contains($"{Right},", await File.ReadAllTextAsync(new DataDirectory(sandbox.Data).Run("flawed").Quarantine), StringComparison.Ordinal);
        var config = TrainTests.Config(sandbox, features);
        var refused = (await TrainAsync(sandbox, tree, config, "flawed")).Expect(2);
        Assert.Contains($"left out: {Right}", refused.Output, StringComparison.Ordinal);
        Assert.Contains("1 problem:\n", refused.Error, StringComparison.Ordinal);
        Assert.Contains($"{CutHeader}: labels: ", refused.Error, StringComparison.Ordinal);
        Assert.Contains("line 1: the header", refused.Error, StringComparison.Ordinal);

        // Mended as the messages say, only bridged flaws are left, and the features that are there are used again.
        await tree.MendAsync();
        Assert.Equal(Sorted(bridged), await DoctorAsync(tree, exitCode: 0));
        (await ProcessAsync(sandbox, tree, features, "mended")).Expect(0);
        var trained = (await TrainAsync(sandbox, tree, config, "mended")).Expect(0).Output;
        Assert.Contains($"{Headless}: The header line is missing", trained, StringComparison.Ordinal);
        Assert.Contains("20 frames but 21 labels; the last label was dropped", trained, StringComparison.Ordinal);
        Assert.Contains("4 training and 2 validation videos", trained, StringComparison.Ordinal);

        var evaluation = await EvaluateAsync(sandbox, tree);
        (await ProcessAsync(sandbox, tree, TinyModels.Pipeline(sandbox, "fused", fusion: "trained/best", faces: "aligned"), "fused")).Expect(0);
        var scored = await ScoreAsync(sandbox, tree.ValidationSet);
        Assert.Equal(Supports(OffByOne, Gaps), SupportsOf(scored));
        Assert.Equal(Labelled(OffByOne) + Labelled(Gaps) - 3, scored["with_face"]!["frames"]!.GetValue<int>());
        foreach (var (key, value) in evaluation["smoothed"]!.AsObject())
        {
            Assert.True(JsonNode.DeepEquals(value, scored[key]), key);
        }

        // A file without header is not shifted by a frame: each class has the frames that were meant.
        Assert.Equal(Supports(Left, Right, Headless, CutHeader), SupportsOf(await ScoreAsync(sandbox, tree.TrainSet)));
        await SubmitAsync(sandbox, tree);
    }

    private static async Task SubmitAsync(Sandbox sandbox, AffWild2Tree tree)
    {
        var submission = sandbox.InFolder("predictions.txt");
        string[] validate = ["submission", "validate", submission, "--template", tree.Template];
        (await ActorClusterProcess.RunAsync(["submission", "write", "--template", tree.Template, "--predictions", Predictions(sandbox), "--output", submission])).Expect(0);
        Assert.Contains("is valid: 40 rows of 2 videos", (await ActorClusterProcess.RunAsync(validate)).Expect(0).Output, StringComparison.Ordinal);

        var ours = await File.ReadAllLinesAsync(submission);
        (string Line, Action<List<string>> Damage)[] damages =
        [
            ("line 1: the header", rows => rows.RemoveAt(0)),
            ("line 1: the header", rows => rows[0] = rows[0].Replace(",Other", "", StringComparison.Ordinal)),
            ("line 1: the file begins with a byte order mark", rows => rows[0] = '\uFEFF' + rows[0]),
            ("line 6: the class '8'", rows => rows[5] = rows[5][..^1] + "8"),
            ("line 6: the class '-1'", rows => rows[5] = rows[5][..^1] + "-1"),
            ("line 6: it has 1 fields", rows => rows[5] = rows[5][..^2]),
            ("line 6: it has 9 fields", rows => rows[5] = rows[5][..^1] + "0,0,0,1,0,0,0,0"),
            ($"line 3: '{Test}/00003.jpg' of the template is missing after it", rows => rows.RemoveAt(3)),
            ($"line 7: '{Test}/00005.jpg' is on line 6 already", rows => rows.Insert(6, rows[5])),
            ("is out of order", rows => rows.Reverse(5, 2)),
            ($"line 7: '7-10-250x190/00001.jpg' is not in the template", rows => rows[6] = "7-10-250x190/00001.jpg,0"),
        ];
        foreach (var (line, damage) in damages)
        {
            List<string> rows = [.. ours];
            damage(rows);
            await File.WriteAllTextAsync(submission, string.Concat(rows.Select(r => r + '\n')));
            Assert.Contains(line, (await ActorClusterProcess.RunAsync(validate)).Expect(1).Error, StringComparison.Ordinal);
        }
    }

    private static async Task<IEnumerable<string>> DoctorAsync(AffWild2Tree tree, int exitCode)
    {
        var result = await ActorClusterProcess.RunAsync(["doctor", "--labels", tree.Labels, "--videos", tree.Videos, "--crops", tree.Crops, "--template", tree.Template, "--json"]);
        return Sorted(JsonNode.Parse(result.Expect(exitCode).Output)!["findings"]!.AsArray().Select(f => $"{f!["severity"]} {f["subject"]}: {f["text"]}"));
    }

    private static Task<ProcessResult> ProcessAsync(Sandbox sandbox, AffWild2Tree tree, string pipeline, string run) => TrainTests.ProcessAsync(sandbox, tree.Manifest, pipeline, run);

    private static Task<ProcessResult> TrainAsync(Sandbox sandbox, AffWild2Tree tree, string config, string run) => ActorClusterProcess.RunAsync(
        ["train", "--run", run, "--data", sandbox.Data, "--splits", tree.Splits, "--out", sandbox.InFolder("models/trained"), "--config", config, "--threads", "1"]);

    private static async Task<JsonNode> EvaluateAsync(Sandbox sandbox, AffWild2Tree tree)
    {
        (await ActorClusterProcess.RunAsync(
            ["evaluate", "--checkpoint", sandbox.InFolder("models/trained/best"), "--run", "mended", "--data", sandbox.Data, "--splits", tree.Splits, "--out", sandbox.InFolder("evaluation"), "--threads", "1"])).Expect(0);
        return JsonNode.Parse(await File.ReadAllTextAsync(sandbox.InFolder("evaluation/report.json")))!;
    }

    private static async Task<JsonNode> ScoreAsync(Sandbox sandbox, string labels) =>
        JsonNode.Parse((await ActorClusterProcess.RunAsync(["score", "--labels", labels, "--predictions", Predictions(sandbox)])).Expect(0).Output)!;

    private static string Predictions(Sandbox sandbox) => new DataDirectory(sandbox.Data).Run("fused").Predictions;

    private static int Labelled(string id) => LabelsOf(id).Count(l => l >= 0);

    private static int[] Supports(params string[] ids) => [.. Enumerable.Range(0, Expressions.Count).Select(c => ids.Sum(id => LabelsOf(id).Count(l => l == c)))];

    private static int[] SupportsOf(JsonNode score) => [.. score["confusion"]!.AsArray().Select(row => row!.AsArray().Sum(n => n!.GetValue<int>()))];

    private static IEnumerable<string> Sorted(IEnumerable<string> lines) => lines.Order(StringComparer.Ordinal);
}
