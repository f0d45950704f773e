using Akka.Configuration;

namespace ActorCluster.Processing.Hosting;

/// <summary>The actor system's configuration.</summary>
internal static class NodeConfiguration
{
    /// <summary>Configures a cluster of one process.</summary>
    /// <param name="state">Where journal and snapshots are kept.</param>
    public static Config OneProcess(StateStore state) => ConfigurationFactory.ParseString(
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
        """).WithFallback(state.Configuration);
}
