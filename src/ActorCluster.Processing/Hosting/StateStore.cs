using ActorCluster.Core.Faults;
using ActorCluster.Storage;
using Microsoft.Data.Sqlite;

namespace ActorCluster.Processing.Hosting;

/// <summary>The SQLite files behind the journal and the snapshots.</summary>
internal static class StateStore
{
    /// <summary>Creates the files if need be and puts them into write-ahead mode, which is a property of the file.</summary>
    /// <exception cref="EnvironmentFaultException">A file cannot be written or is no database.</exception>
    public static void Prepare(DataDirectory data)
    {
        foreach (var file in new[] { data.Journal, data.Snapshots })
        {
            try
            {
                using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ConnectionString);
                connection.Open();
                using var command = connection.CreateCommand();
                command.CommandText = "PRAGMA journal_mode=WAL";
                if (!string.Equals(command.ExecuteScalar() as string, "wal", StringComparison.OrdinalIgnoreCase))
                {
                    throw new EnvironmentFaultException("journal", $"'{file}' does not allow write-ahead logging.", "Put the data folder on a local disk (--data).");
                }
            }
            catch (SqliteException e)
            {
                throw new EnvironmentFaultException("journal", $"'{file}' cannot be opened: {e.Message}.", "Check space and permissions of the data folder, or choose another with --data.", e);
            }
        }
    }
}
