using ActorCluster.Core.Faults;
using ActorCluster.Storage;
using Akka.Configuration;
using Microsoft.Data.Sqlite;

namespace ActorCluster.Processing.Hosting;

/// <summary>Two SQLite files in the data folder, for one process.</summary>
internal sealed class SqliteStateStore(DataDirectory data) : StateStore
{
    /// <inheritdoc/>
    public override Config Configuration => StateConfiguration.Sqlite(data.Journal, data.Snapshots);

    /// <summary>Creates the files if need be and puts them into write-ahead mode, which is a property of the file.</summary>
    /// <exception cref="EnvironmentFaultException">A file cannot be written or is no database.</exception>
    public override Task PrepareAsync(CancellationToken cancellation)
    {
        foreach (var file in new[] { data.Journal, data.Snapshots })
        {
            if (!string.Equals(Ask(file, SqliteOpenMode.ReadWriteCreate, "PRAGMA journal_mode=WAL") as string, "wal", StringComparison.OrdinalIgnoreCase))
            {
                throw new EnvironmentFaultException("journal", $"'{file}' does not allow write-ahead logging.", "Put the data folder on a local disk (--data).");
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task ReachAsync(CancellationToken cancellation) => Task.FromResult(Ask(data.Journal, SqliteOpenMode.ReadOnly, "SELECT 1"));

    /// <inheritdoc/>
    public override Task<StateSize> MeasureAsync(CancellationToken cancellation) => Task.FromResult(new StateSize([
        new("journal", (long)Ask(data.Journal, SqliteOpenMode.ReadOnly, "SELECT COUNT(*) FROM journal")!, BytesOf(data.Journal)),
        new("snapshot", (long)Ask(data.Snapshots, SqliteOpenMode.ReadOnly, "SELECT COUNT(*) FROM snapshot")!, BytesOf(data.Snapshots)),
    ]));

    /// <inheritdoc/>
    public override Task RemoveRunAsync(string run, CancellationToken cancellation) => Task.WhenAll(
        UseAsync(data.Journal, connection => RunRemoval.FromJournalAsync(connection, run, cancellation)),
        UseAsync(data.Snapshots, connection => RunRemoval.FromSnapshotsAsync(connection, run, cancellation)));

    private static Task UseAsync(string file, Func<SqliteConnection, Task> use) => Inference.OwnThread.Run(() =>
    {
        try
        {
            using var connection = Open(file, SqliteOpenMode.ReadWrite);
            use(connection).GetAwaiter().GetResult(); // The library's own methods block.
        }
        catch (SqliteException e)
        {
            throw Unusable(file, e);
        }
    });

    private static SqliteConnection Open(string file, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }

    private static EnvironmentFaultException Unusable(string file, SqliteException e) =>
        new("journal", $"'{file}' cannot be opened: {e.Message}.", "Check space and permissions of the data folder, or choose another with --data.", e);

    private static long BytesOf(string file) => new[] { file, file + "-wal" }.Where(File.Exists).Sum(f => new FileInfo(f).Length);

    private static object? Ask(string file, SqliteOpenMode mode, string question)
    {
        try
        {
            using var connection = Open(file, mode);
            using var command = connection.CreateCommand();
            command.CommandText = question;
            return command.ExecuteScalar();
        }
        catch (SqliteException e)
        {
            throw Unusable(file, e);
        }
    }
}
