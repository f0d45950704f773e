using Microsoft.Data.Sqlite;

namespace ActorCluster.Node.Tests;

public sealed class InterruptTests
{
    private const int Slots = 2;

    [Fact]
    public async Task Process_Interrupted_SaysHowToGoOnAndDoes()
    {
        using var sandbox = new Sandbox();
        sandbox.AddAll((await Clips.LongAsync())[..2]);
        string[] arguments = sandbox.Process("--pipeline", sandbox.OneSecondChunks(), "--slots", $"{Slots}");
        using var process = ActorClusterProcess.Start(arguments, environment: HeldBack.BeforeItsEnd("long-1"));
        await process.UntilAsync(() => sandbox.StoredUnits >= 3, "3 units are stored");

        process.Interrupt();
        var result = (await process.EndAsync()).Expect(130);

        Assert.Contains("of 2 videos ended. Nothing that was stored is lost.", result.Output);
        Assert.Contains("To go on, run the same command again (run test).", result.Output);
        await sandbox.LeavesNothingBehindAsync();

        (await ActorClusterProcess.RunAsync(arguments)).Expect(0);

        Assert.Equal(2, sandbox.Summary.Counts.Completed);
        Assert.InRange(sandbox.Summary.Chunks.Redone, 0, Slots); // Those in flight were handed back half-way.
    }

    [Fact]
    public async Task Process_InterruptedTwice_EndsAtOnce()
    {
        using var sandbox = new Sandbox();
        sandbox.AddAll((await Clips.LongAsync())[..1]);
        using var process = ActorClusterProcess.Start(sandbox.Process("--pipeline", sandbox.OneSecondChunks(), "--slots", "1"), environment: HeldBack.InTheLastChunk());
        await process.UntilAsync(() => sandbox.StoredUnits > 0, "it is at work");
        // While another holds the journal, nothing can be handed back, so a clean stop cannot end before the second signal.
        using var journal = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(sandbox.Data, "state", "journal.db"), Pooling = false }.ConnectionString);
        await journal.OpenAsync();
        using var hold = journal.BeginTransaction(deferred: false);

        process.Interrupt();
        await process.UntilAsync(() => process.Output.Contains("a second Ctrl-C stops at once", StringComparison.Ordinal), "it says what a second Ctrl-C does");
        process.Interrupt();

        (await process.EndAsync()).Expect(Signals.KilledExit);
    }
}
