using ActorCluster.Core.Formats;
using ActorCluster.Processing.Hosting;
using Akka.Actor;

namespace ActorCluster.Processing.Tests.Hosting;

/// <summary>What is removed with a run, and above all what is not, in both kinds of store.</summary>
[Collection(PostgresTests.Name)]
public sealed class RunRemovalTests(PostgresFixture postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string[] Ours = ["run-a_b", "video-a_b/0.1", "video-a_b/11.2", "voting-a_b/0.1"];
    private static readonly string[] Others = ["run-A_B", "run-aXb", "run-a_b2", "video-A_B/0.1", "video-aXb/0.1", "video-a_b2/0.1", "voting-aXb/0.1", "video-a_/0.1", "run-catalog", "audit"];

    [Fact]
    public async Task RemoveRunAsync_Sqlite_RemovesThatRunAlone()
    {
        using var data = new TempData();
        var store = new SqliteStateStore(data.Data);
        await store.PrepareAsync(CancellationToken.None);
        await AssertRemovesAsync(store);
    }

    [Fact]
    public async Task RemoveRunAsync_Postgres_RemovesThatRunAlone() => await AssertRemovesAsync(await postgres.PreparedAsync());

    [Fact]
    public async Task RemoveRunAsync_PredictionInSqlite_RemovesThatRunAlone()
    {
        using var data = new TempData();
        var store = new SqliteStateStore(data.Data);
        await store.PrepareAsync(CancellationToken.None);
        await AssertRemovesPredictionAsync(store);
    }

    [Fact]
    public async Task RemoveRunAsync_PredictionInPostgres_RemovesThatRunAlone() => await AssertRemovesPredictionAsync(await postgres.PreparedAsync());

    private static async Task AssertRemovesPredictionAsync(StateStore store)
    {
        var (run, other) = (PredictionRun.NewName(DateTimeOffset.UnixEpoch), PredictionRun.NewName(DateTimeOffset.UnixEpoch));
        await WriteAsync(store, [$"run-{run}", $"video-{run}/0.1", $"voting-{run}/0.1", $"run-{other}", $"video-{other}/0.1", $"voting-{other}/0.1"]);

        await store.RemoveRunAsync(run, CancellationToken.None);

        var size = await store.MeasureAsync(CancellationToken.None);
        Assert.Equal((6, 3), (size.Tables.Single(t => t.Name == "journal").Rows, size.Tables.Single(t => t.Name == "snapshot").Rows));
        await store.RemoveRunAsync(other, CancellationToken.None);
        Assert.All((await store.MeasureAsync(CancellationToken.None)).Tables.Where(t => t.Name is "journal" or "snapshot"), table => Assert.Equal(0, table.Rows));
    }

    private static async Task WriteAsync(StateStore store, IEnumerable<string> ids)
    {
        using (var system = ActorSystem.Create("writes", NodeConfiguration.Of(new NodeSettings(), store)))
        {
            foreach (var id in ids)
            {
                var writer = system.ActorOf(Props.Create(() => new Writer(id)));
                await writer.Ask<Writer.State>(new Writer.Write(1), Patience);
                await writer.Ask<Writer.State>(new Writer.Snapshot(), Patience);
                await writer.Ask<Writer.State>(new Writer.Write(2), Patience);
            }

            await system.Terminate();
        }
    }

    private static async Task AssertRemovesAsync(StateStore store)
    {
        await WriteAsync(store, Ours.Concat(Others));
        await store.RemoveRunAsync("a_b", CancellationToken.None);
        await store.RemoveRunAsync("never", CancellationToken.None);

        var size = await store.MeasureAsync(CancellationToken.None);
        Assert.Equal((2L * Others.Length, (long)Others.Length), (size.Tables.Single(t => t.Name == "journal").Rows, size.Tables.Single(t => t.Name == "snapshot").Rows));
        using var again = ActorSystem.Create("reads", NodeConfiguration.Of(new NodeSettings(), store));
        foreach (var id in Ours.Concat(Others))
        {
            // Whoever has the name again begins anew, and can write; the others go on after their snapshot, which has the first.
            var writer = again.ActorOf(Props.Create(() => new Writer(id)));
            var known = (await writer.Ask<Writer.State>(new Writer.Write(3), Patience)).Known;
            Assert.Equal(Ours.Contains(id) ? [3] : [2, 3], known);
        }

        await again.Terminate();
    }
}
