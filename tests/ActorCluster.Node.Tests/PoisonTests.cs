using ActorCluster.Storage;

namespace ActorCluster.Node.Tests;

public sealed class PoisonTests
{
    /// <summary>One death in company, then three alone, then the run that completes; one more for a neighbour that was hit in company.</summary>
    private const int MostRuns = 8;

    [Fact]
    public async Task Process_ChunkThatKillsItsProcess_IsQuarantinedOnItsThirdDeathAlone()
    {
        using var sandbox = new Sandbox();
        sandbox.AddAll((await Clips.LongAsync())[..2]);
        sandbox.Add((await Clips.ShortAsync())[0], "poison.mp4");
        var path = await PoisonedFfmpeg.WriteAsync(sandbox.InFolder("bin"), "poison.mp4");
        string[] options = ["--pipeline", sandbox.OneSecondChunks()];

        var runs = 0;
        var result = new ProcessResult(Signals.KilledExit, "", "");
        for (; result.ExitCode == Signals.KilledExit && runs < MostRuns; runs++)
        {
            result = await ActorClusterProcess.RunAsync(sandbox.Process(options), path);
        }

        result.Expect(3);
        Assert.InRange(runs, 4, MostRuns);
        var summary = sandbox.Summary;
        Assert.Equal(new RunCounts(3, 2, 1, 0), summary.Counts);
        var poison = summary.Videos.Single(v => v.Id == "poison");
        Assert.Equal((VideoStatus.Quarantined, "poison"), (poison.Status, poison.Fault!.Stage));
        Assert.Contains("was alone in 3 processes that died", poison.Fault.Cause);
        Assert.Contains("poison,", await File.ReadAllTextAsync(sandbox.Results.Quarantine));
        await sandbox.LeavesNothingBehindAsync();

        // With the real ffmpeg nothing is wrong with it, and the neighbours' answers are what they always were.
        var disturbed = sandbox.Predictions();
        sandbox.Data = sandbox.InFolder("undisturbed");
        (await ActorClusterProcess.RunAsync(sandbox.Process(options))).Expect(0);
        var undisturbed = sandbox.Predictions();
        Assert.Equal(3, undisturbed.Count);
        Assert.Equal(undisturbed.Where(p => p.Key != "poison.csv"), disturbed);
    }
}
