using Xunit.Abstractions;

namespace ActorCluster.Node.Tests;

/// <summary>Six videos of six chunks each, as an undisturbed run with three slots predicts them.</summary>
public sealed class UndisturbedRun : IAsyncLifetime
{
    internal Sandbox Sandbox { get; } = new();

    internal SortedDictionary<string, byte[]> Predictions { get; private set; } = [];

    /// <summary>Chunks and audio tracks in all.</summary>
    internal const int Units = 6 * 7;

    public async Task InitializeAsync()
    {
        Sandbox.AddAll(await Clips.LongAsync());
        (await ActorClusterProcess.RunAsync(Sandbox.Process(Options(slots: 3)))).Expect(0);
        Predictions = Sandbox.Predictions();
    }

    public Task DisposeAsync()
    {
        Sandbox.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Options of a run that must give the same answer.</summary>
    internal string[] Options(int slots) => ["--pipeline", Sandbox.OneSecondChunks(), "--format", "both", "--slots", $"{slots}"];
}

public sealed class SameAnswerTests(UndisturbedRun undisturbed, ITestOutputHelper output) : IClassFixture<UndisturbedRun>
{
    private const int Seed = 20260214;
    private const int Kills = 5;
    private const int Slots = 2;

    [Fact]
    public async Task Process_OneSlot_PredictsTheSameBytesAsThree()
    {
        Assert.Equal(12, undisturbed.Predictions.Count);
        var sandbox = undisturbed.Sandbox;
        sandbox.Data = sandbox.InFolder("one-slot");

        (await ActorClusterProcess.RunAsync(sandbox.Process(undisturbed.Options(slots: 1)))).Expect(0);

        AssertSame(sandbox);
        Assert.Equal(0, sandbox.Summary.Chunks.Redone);
    }

    [Fact]
    public async Task Process_KilledAtRandomMoments_LosesNothing()
    {
        var sandbox = undisturbed.Sandbox;
        sandbox.Data = sandbox.InFolder("killed");
        var random = new Random(Seed);
        foreach (var kill in Enumerable.Range(0, Kills))
        {
            // By progress, not by time, so that every kill hits the work whatever the machine's speed.
            var at = (kill * UndisturbedRun.Units / Kills) + random.Next(1, (UndisturbedRun.Units / Kills) - 2);
            using var process = ActorClusterProcess.Start(sandbox.Process(undisturbed.Options(Slots)), environment: HeldBack.BeforeItsEnd("long-5"));
            await process.UntilAsync(() => sandbox.StoredUnits >= at, $"{at} of {UndisturbedRun.Units} units are stored");
            process.Kill();
            Assert.Equal(Signals.KilledExit, (await process.EndAsync()).ExitCode);
            output.WriteLine($"seed {Seed}, kill {kill + 1}: aimed at {at} stored units, hit at {sandbox.StoredUnits}");
        }

        (await ActorClusterProcess.RunAsync(sandbox.Process(undisturbed.Options(Slots)))).Expect(0);

        AssertSame(sandbox);
        var summary = sandbox.Summary;
        output.WriteLine($"{summary.Chunks}");
        Assert.Equal((6, 0), (summary.Counts.Completed, summary.Counts.Quarantined));
        Assert.Equal(UndisturbedRun.Units, summary.Chunks.Planned);
        Assert.InRange(summary.Chunks.Redone, 0, Slots * Kills);
        await sandbox.LeavesNothingBehindAsync();
    }

    private void AssertSame(Sandbox sandbox)
    {
        var predictions = sandbox.Predictions();
        Assert.Equal(undisturbed.Predictions.Keys, predictions.Keys);
        Assert.All(predictions, p => Assert.True(p.Value.AsSpan().SequenceEqual(undisturbed.Predictions[p.Key]), $"{p.Key} differs"));
    }
}
