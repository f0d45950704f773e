using ActorCluster.Storage;

namespace ActorCluster.Node.Tests;

/// <summary>Four clips of one second, as an undisturbed run predicts them.</summary>
public sealed class UndisturbedClips : IAsyncLifetime
{
    internal SortedDictionary<string, byte[]> Predictions { get; private set; } = [];

    public async Task InitializeAsync()
    {
        using var sandbox = new Sandbox();
        sandbox.AddAll(await Clips.ShortAsync());
        (await ActorClusterProcess.RunAsync(sandbox.Process("--format", "both"))).Expect(0);
        Predictions = sandbox.Predictions();
    }

    public Task DisposeAsync() => Task.CompletedTask;
}

/// <summary>Publishing is intended, written, synced, renamed, synced as a folder, stored by the video, stored by the run: a death may come between any two.</summary>
public sealed class PublishingTests(UndisturbedClips undisturbed) : IClassFixture<UndisturbedClips>
{
    [Theory]
    [InlineData("intended", "short-1")]
    [InlineData("written", "predictions/short-1.csv")]
    [InlineData("synced", "predictions/short-1.csv")]
    [InlineData("renamed", "predictions/short-1.csv")]
    [InlineData("written", "predictions/short-1.parquet")]
    [InlineData("renamed", "predictions/short-1.parquet")]
    [InlineData("committed", "short-1")]
    [InlineData("published", "short-1")]
    [InlineData("recorded", "short-1")]
    public async Task Process_KilledBetweenStepsOfPublishing_PublishesOnceAndTheSame(string step, string subject)
    {
        using var sandbox = new Sandbox();
        sandbox.AddAll(await Clips.ShortAsync());
        string[] arguments = sandbox.Process("--format", "both");
        await ActorClusterProcess.KillAtAsync(arguments, $"{step}@{subject}", sandbox.InFolder("marker"));

        (await ActorClusterProcess.RunAsync(arguments)).Expect(0);

        var predictions = sandbox.Predictions();
        Assert.Equal(undisturbed.Predictions.Keys, predictions.Keys);
        Assert.All(predictions, p => Assert.True(p.Value.AsSpan().SequenceEqual(undisturbed.Predictions[p.Key]), $"{p.Key} differs"));
        Assert.Equal((4, 0), (sandbox.Summary.Counts.Completed, sandbox.Summary.Counts.Quarantined));
        Assert.InRange(sandbox.Summary.Chunks.Redone, 0, Environment.ProcessorCount);
        await sandbox.LeavesNothingBehindAsync();
    }

    [Fact]
    public async Task Process_KilledBetweenLastOutcomeAndEnd_EndsTheRun()
    {
        using var sandbox = new Sandbox();
        sandbox.AddAll((await Clips.ShortAsync())[..1]);
        await ActorClusterProcess.KillAtAsync(sandbox.Process(), "recorded@short-0", sandbox.InFolder("marker"));

        (await ActorClusterProcess.RunAsync(sandbox.Process())).Expect(0);

        Assert.Equal((RunState.Completed, 1), (sandbox.Summary.State, sandbox.Summary.Counts.Completed));
    }

    [Fact]
    public async Task Process_PublishesEachFile_SyncedBeforeTheRenameAndTheFolderAfter()
    {
        using var sandbox = new Sandbox();
        sandbox.AddAll(Clips.Portrait);
        var trace = sandbox.InFolder("trace");

        await Tool.RunAsync(
            "strace",
            ["-f", "-y", "-s", "4096", "-e", "trace=fsync,rename,renameat,renameat2", "-o", trace, ActorClusterProcess.Executable, .. sandbox.Process("--format", "both")]);

        var calls = await File.ReadAllLinesAsync(trace);
        foreach (var file in sandbox.Predictions().Keys)
        {
            var target = Path.Combine(sandbox.Results.Predictions, file);
            var synced = Array.FindIndex(calls, c => c.Contains("fsync(", StringComparison.Ordinal) && c.Contains($"<{target}.", StringComparison.Ordinal));
            var renamed = Array.FindIndex(calls, c => c.Contains("rename", StringComparison.Ordinal) && c.Contains($", \"{target}\"", StringComparison.Ordinal));
            var folder = Array.FindIndex(
                calls, Math.Max(renamed, 0), c => c.Contains("fsync(", StringComparison.Ordinal) && c.Contains($"<{sandbox.Results.Predictions}>", StringComparison.Ordinal));
            Assert.True(synced >= 0 && synced < renamed && renamed < folder, $"{file}: file synced at call {synced}, renamed at {renamed}, folder synced at {folder}");
        }
    }
}
