using System.Text.Encodings.Web;
using System.Text.Json;
using Akka.Configuration;
using Akka.Persistence.Sql;
using Microsoft.Data.Sqlite;

namespace ActorCluster.Processing.Hosting;

/// <summary>The actor system's configuration.</summary>
internal static class NodeConfiguration
{
    /// <summary>Configures a cluster of one process with SQLite.</summary>
    /// <param name="journal">The journal's database file.</param>
    /// <param name="snapshots">The snapshots' database file; apart from the journal, whose writer would starve it.</param>
    public static Config OneProcess(string journal, string snapshots) => ConfigurationFactory.ParseString(
        $$"""
        akka {
          loglevel = INFO
          stdout-loglevel = OFF
          stdout-logger-class = "ActorCluster.Processing.Hosting.SilentLogger, ActorCluster.Processing"
          loggers = ["ActorCluster.Processing.Hosting.SerilogLoggerActor, ActorCluster.Processing"]
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          coordinated-shutdown {
            exit-clr = off
            run-by-clr-shutdown-hook = off
          }
          actor {
            provider = cluster
            serializers {
              actorcluster = "ActorCluster.Processing.Serialization.MessageSerializer, ActorCluster.Processing"
            }
            serialization-bindings {
              "ActorCluster.Processing.Serialization.IWireMessage, ActorCluster.Processing" = actorcluster
            }
            serialization-settings.allow-unregistered-types = false
          }
          remote.dot-netty.tcp {
            hostname = "127.0.0.1"
            port = 0
          }
          cluster {
            gossip-interval = 200ms
            leader-actions-interval = 200ms
            run-coordinated-shutdown-when-down = off
            # A busy machine is no dead one: decoding and encoding leave heartbeats late.
            failure-detector.acceptable-heartbeat-pause = 15s
            singleton-proxy.singleton-identification-interval = 200ms
            sharding {
              state-store-mode = ddata
              remember-entities = off
              passivate-idle-entity-after = off
              retry-interval = 200ms
              distributed-data.durable.keys = []
            }
          }
          persistence {
            journal {
              plugin = "akka.persistence.journal.sql"
              sql {
                class = "Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql"
                connection-string = "{{ConnectionString(journal)}}"
                provider-name = "SQLite.MS"
                parallelism = 1
              }
            }
            snapshot-store {
              plugin = "akka.persistence.snapshot-store.sql"
              sql {
                class = "Akka.Persistence.Sql.Snapshot.SqlSnapshotStore, Akka.Persistence.Sql"
                connection-string = "{{ConnectionString(snapshots)}}"
                provider-name = "SQLite.MS"
              }
            }
            query.journal.sql {
              class = "Akka.Persistence.Sql.Query.SqlReadJournalProvider, Akka.Persistence.Sql"
              write-plugin = "akka.persistence.journal.sql"
              connection-string = "{{ConnectionString(journal)}}"
              provider-name = "SQLite.MS"
            }
          }
        }
        actorcluster {
          blocking-dispatcher {
            type = ForkJoinDispatcher
            throughput = 1
            dedicated-thread-pool {
              thread-count = 4
              threadtype = background
            }
          }
          pinned-dispatcher {
            type = PinnedDispatcher
          }
        }
        """).WithFallback(SqlPersistence.DefaultConfiguration);

    /// <summary>Quoted twice: for the connection string, where a semicolon in a folder's name would begin another keyword, and for HOCON.</summary>
    private static string ConnectionString(string file) =>
        JsonEncodedText.Encode(new SqliteConnectionStringBuilder { DataSource = file }.ConnectionString, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
}
