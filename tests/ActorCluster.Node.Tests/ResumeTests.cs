using ActorCluster.Storage;

namespace ActorCluster.Node.Tests;

public sealed class ResumeTests
{
    [Fact]
    public async Task Process_FolderThatChanges_FollowsIt()
    {
        using var sandbox = new Sandbox();
        var clips = await Clips.ShortAsync();
        sandbox.Add(clips[0], "a.mp4");
        sandbox.Add(clips[1], "b.mp4");
        await RunAsync(sandbox, 2);
        var first = sandbox.Predictions();
        var times = Times(sandbox);

        // Nothing new.
        Assert.Contains("nothing had to be processed", (await RunAsync(sandbox, 2)).Output);
        Assert.Equal(first, sandbox.Predictions());
        Assert.Equal(times, Times(sandbox));
        Assert.Equal(new ChunkCounts(2, 2, 0), sandbox.Summary.Chunks);

        // A new video.
        sandbox.Add(clips[2], "c.mp4");
        Assert.Contains("2 registered videos: 1 added, 0 to be done again, 0 vanished", (await RunAsync(sandbox, 3)).Output);
        Assert.Equal(["a.csv", "b.csv", "c.csv"], sandbox.Predictions().Keys);
        Assert.Equal(times, Times(sandbox).Where(t => t.Key != "c.csv"));

        // A changed one and a vanished one.
        sandbox.Add(clips[3], "a.mp4");
        File.Delete(Path.Combine(sandbox.Videos, "b.mp4"));
        var result = await RunAsync(sandbox, 3);
        Assert.Contains("3 registered videos: 0 added, 1 to be done again, 1 vanished", result.Output);
        Assert.Contains("vanished: b ", result.Output);
        var last = sandbox.Predictions();
        Assert.Equal(["a.csv", "b.csv", "c.csv"], last.Keys);
        Assert.NotEqual(first["a.csv"], last["a.csv"]);
        Assert.Equal(times["b.csv"], Times(sandbox)["b.csv"]);
        await sandbox.LeavesNothingBehindAsync();

        // What a run from nothing says about the changed one.
        sandbox.Data = sandbox.InFolder("fresh");
        await RunAsync(sandbox, 2);
        Assert.Equal(last["a.csv"], sandbox.Predictions()["a.csv"]);
    }

    [Fact]
    public async Task Process_SameCommandWithoutRunName_GoesOnWithTheSameRun()
    {
        using var sandbox = new Sandbox();
        sandbox.Add((await Clips.ShortAsync())[0], "a.mp4");
        string[] command = ["process", "videos", "--format", "parquet"];

        (await ActorClusterProcess.RunAsync(command, folder: sandbox.Root)).Expect(0);
        var again = (await ActorClusterProcess.RunAsync(command, folder: sandbox.Root)).Expect(0);

        Assert.Contains("going on with 1 registered video: 0 added", again.Output);
        var run = Assert.Single(Directory.GetDirectories(sandbox.InFolder("actorcluster-data/runs")));
        Assert.StartsWith("videos-lite-", Path.GetFileName(run));
        Assert.Equal(["a.parquet"], Directory.GetFiles(Path.Combine(run, "predictions")).Select(Path.GetFileName));
    }

    private static async Task<ProcessResult> RunAsync(Sandbox sandbox, int completed)
    {
        var result = (await ActorClusterProcess.RunAsync(sandbox.Process())).Expect(0);
        Assert.Equal((completed, completed), (sandbox.Summary.Counts.Registered, sandbox.Summary.Counts.Completed));
        return result;
    }

    private static SortedDictionary<string, DateTime> Times(Sandbox sandbox) =>
        new(Directory.EnumerateFiles(sandbox.Results.Predictions).ToDictionary(path => Path.GetFileName(path), File.GetLastWriteTimeUtc), StringComparer.Ordinal);
}
