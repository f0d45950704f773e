namespace ActorCluster.Node.Tests;

/// <summary>The pipeline <c>sample</c> with the weights that ship, on videos of speakers that it was not trained on.</summary>
public sealed class SamplePipelineTests
{
    // A seed that neither the weights nor the demo use.
    private const string Seed = "3";

    [Fact]
    public async Task Process_UnseenSampleVideos_ScoresAsTheModelCardSays()
    {
        using var sandbox = new Sandbox();
        var set = sandbox.InFolder("set");
        (await ActorClusterProcess.RunAsync(["sample-data", "--out", set, "--videos", "3", "--seed", Seed])).Expect(0);

        var result = (await ActorClusterProcess.RunAsync(
            ["process", Path.Combine(set, "manifest.csv"), "--pipeline", "sample", "--data", sandbox.Data, "--run", "test"])).Expect(0);

        // Three videos do not show every expression often enough for a macro F1; the most frequent class alone is right in three frames of ten.
        var score = sandbox.Summary.Score;
        Assert.NotNull(score);
        Assert.Equal(3, score.Videos);
        Assert.InRange(score.Accuracy, 0.7, 1);
        Assert.Empty(score.Notices);
        Assert.Contains("Score: macro F1 0.", result.Output, StringComparison.Ordinal);
        Assert.Contains("\"confusion\":[[", await File.ReadAllTextAsync(sandbox.Results.Report), StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_AllTogether_FitInEightMegabytes()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "configs", "models", "sample");

        Assert.Equal(3, Directory.GetFiles(folder, "model.safetensors", SearchOption.AllDirectories).Length);
        Assert.InRange(Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length), 1, 8_000_000);
    }
}
