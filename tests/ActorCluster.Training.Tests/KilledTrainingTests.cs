namespace ActorCluster.Training.Tests;

public sealed class KilledTrainingTests(KilledTrainingTests.Undisturbed undisturbed) : IClassFixture<KilledTrainingTests.Undisturbed>
{
    private const int AtEpochsOnly = 3_600_000;
    private const int AfterEveryStep = 0;

    [Fact]
    public async Task Run_KilledAtFiveMomentsAndStartedAgain_EndsWithTheSameBits()
    {
        using var folder = new TempFolder();
        var random = new Random(20261123);
        for (var kill = 0; kill < 5; kill++)
        {
            using var process = new TrainingProcess(folder.Path, folder.File("out"), kill % 2 == 0 ? AfterEveryStep : AtEpochsOnly);
            await process.WaitForLinesAsync(1 + random.Next(9));
            await process.KillAsync();
        }

        await EndAsync(folder);
    }

    [Theory]
    [InlineData("written@state.safetensors")]
    [InlineData("synced@model.safetensors")]
    [InlineData("renamed@model.safetensors")]
    [InlineData("renamed@state.safetensors")]
    public async Task Run_KilledWhilePublishing_EndsWithTheSameBits(string pause)
    {
        using var folder = new TempFolder();
        var marker = folder.File("marker");
        using (var process = new TrainingProcess(folder.Path, folder.File("out"), AtEpochsOnly, (pause, marker)))
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(5));
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (!File.Exists(marker))
            {
                await timer.WaitForNextTickAsync(deadline.Token);
            }

            await process.KillAsync();
        }

        await EndAsync(folder);
    }

    private async Task EndAsync(TempFolder folder)
    {
        using var last = new TrainingProcess(folder.Path, folder.File("out"), AtEpochsOnly);
        await last.EndAsync();
        Assert.Equal(undisturbed.Hash, TrainedWeights.HashOf(folder.File("out")));
    }

    /// <summary>What the same training comes to in a process that nobody kills.</summary>
    public sealed class Undisturbed : IAsyncLifetime
    {
        public string Hash { get; private set; } = "";

        public async Task InitializeAsync()
        {
            using var folder = new TempFolder();
            using var process = new TrainingProcess(folder.Path, folder.File("out"), AtEpochsOnly);
            await process.EndAsync();
            Hash = TrainedWeights.HashOf(folder.File("out"));
        }

        public Task DisposeAsync() => Task.CompletedTask;
    }
}
