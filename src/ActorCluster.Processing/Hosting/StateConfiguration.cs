using System.Text.Encodings.Web;
using System.Text.Json;
using Akka.Configuration;
using Akka.Persistence.Sql;
using Microsoft.Data.Sqlite;

namespace ActorCluster.Processing.Hosting;

/// <summary>The persistence part of the actor system's configuration.</summary>
internal static class StateConfiguration
{
    /// <summary>SQLite.</summary>
    /// <param name="journal">The journal's database file.</param>
    /// <param name="snapshots">The snapshots' database file; apart from the journal, whose writer would starve it.</param>
    public static Config Sqlite(string journal, string snapshots) => Of("SQLite.MS", File(journal), File(snapshots), "parallelism = 1", "");

    /// <summary>PostgreSQL.</summary>
    /// <param name="connection">The complete connection string.</param>
    /// <remarks>
    /// Without <c>auto-initialize</c>: the plugin's journal would stop for good when the database is away at its start, and every node would create tables at
    /// once. The circuit breakers, which by default stay open for 30 s and 60 s, let the database be used within a second of its return. Their call
    /// time-out is longer than the connection string's, so that a statement ends with its connection rather than being forgotten and executed later.
    /// </remarks>
    public static Config Postgres(string connection) => Of(
        PostgresStateStore.Provider,
        connection,
        connection,
        """
        auto-initialize = false
        recovery-event-timeout = 25s
        circuit-breaker {
          max-failures = 5
          call-timeout = 20s
          reset-timeout = 1s
        }
        """,
        """
        auto-initialize = false
        circuit-breaker {
          max-failures = 5
          call-timeout = 20s
          reset-timeout = 1s
        }
        """)
        .WithFallback(ConfigurationFactory.ParseString($"akka.persistence.max-concurrent-recoveries = {2 * PostgresStateStore.PoolSize}"));

    /// <remarks>
    /// The replay filter is off: by default it discards every event of a writer that another writer has replaced, a writer being a process. An entity that
    /// moved away and back again would lose what it stored last. The journal's unique key already admits one history only.
    /// </remarks>
    private static Config Of(string provider, string journal, string snapshots, string journalSettings, string snapshotSettings) => ConfigurationFactory.ParseString(
        $$"""
        akka.persistence {
          journal {
            plugin = "akka.persistence.journal.sql"
            sql {
              class = "Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql"
              connection-string = "{{Quoted(journal)}}"
              provider-name = "{{provider}}"
              replay-filter.mode = off
              {{journalSettings}}
            }
          }
          snapshot-store {
            plugin = "akka.persistence.snapshot-store.sql"
            sql {
              class = "Akka.Persistence.Sql.Snapshot.SqlSnapshotStore, Akka.Persistence.Sql"
              connection-string = "{{Quoted(snapshots)}}"
              provider-name = "{{provider}}"
              {{snapshotSettings}}
            }
          }
          query.journal.sql {
            class = "Akka.Persistence.Sql.Query.SqlReadJournalProvider, Akka.Persistence.Sql"
            write-plugin = "akka.persistence.journal.sql"
            connection-string = "{{Quoted(journal)}}"
            provider-name = "{{provider}}"
          }
        }
        """).WithFallback(SqlPersistence.DefaultConfiguration);

    /// <summary>Quoted for the connection string, where a semicolon in a folder's name would begin another keyword.</summary>
    private static string File(string path) => new SqliteConnectionStringBuilder { DataSource = path }.ConnectionString;

    /// <summary>Quoted for HOCON.</summary>
    private static string Quoted(string text) => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
}
