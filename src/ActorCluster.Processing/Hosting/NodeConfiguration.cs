using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using ActorCluster.Core.Faults;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster.Sharding;
using Akka.Configuration;
using Akka.DistributedData;

namespace ActorCluster.Processing.Hosting;

/// <summary>The actor system's configuration.</summary>
internal static class NodeConfiguration
{
    /// <summary>The name of the actor system: the same on all nodes.</summary>
    public const string SystemName = "actorcluster";

    private static readonly TimeSpan RemovalMargin = TimeSpan.FromSeconds(3);

    /// <summary>Configures a node.</summary>
    /// <param name="settings">What is set about it.</param>
    /// <param name="state">Where journal and snapshots are kept.</param>
    public static Config Of(NodeSettings settings, StateStore state) => ConfigurationFactory.ParseString(
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
              json = "ActorCluster.Processing.Serialization.RefusingSerializer, ActorCluster.Processing"
            }
            serialization-bindings {
              "ActorCluster.Processing.Serialization.IWireMessage, ActorCluster.Processing" = actorcluster
            }
            serialization-settings.allow-unregistered-types = false
            # Heartbeats must not wait for threads that other work of the process has taken.
            internal-dispatcher {
              type = Dispatcher
              executor = "{{NameOf(typeof(DedicatedThreads))}}"
              thread-count = 2
            }
          }
          # Each tick wakes two threads, with or without anything to do.
          scheduler.tick-duration = 20ms
          remote.dot-netty.tcp {
            hostname = {{Quoted(settings.Hostname)}}
            port = {{settings.Port}}
            enable-ssl = {{(settings.Tls is null ? "off" : "on")}}
          }
          cluster {
            gossip-interval = {{(settings.IsClustered ? "1s" : "200ms")}}
            leader-actions-interval = {{(settings.IsClustered ? "1s" : "200ms")}}
            roles = [{{string.Join(", ", NodeRoleNames.AllOf(settings.Roles).Select(Quoted))}}]
            seed-node-timeout = 3s
            retry-unsuccessful-join-after = 3s
            run-coordinated-shutdown-when-down = off
            failure-detector.implementation-class = "{{NameOf(typeof(CrashAwareFailureDetector))}}"
            # A busy machine is no dead one: decoding and encoding leave heartbeats late.
            failure-detector.acceptable-heartbeat-pause = {{Milliseconds(settings.Timers.HeartbeatPause)}}
            downing-provider-class = "Akka.Cluster.SBR.SplitBrainResolverProvider, Akka.Cluster"
            # How much later than the others the losing side may learn that it has lost. By default stable-after is waited for once more; the journal refuses what
            # two lives of an actor write, so that no more is at stake than work done twice.
            down-removal-margin = {{Milliseconds(Min(RemovalMargin, settings.Timers.StableAfter))}}
            split-brain-resolver {
              active-strategy = keep-majority
              stable-after = {{Milliseconds(settings.Timers.StableAfter)}}
              down-all-when-unstable = on
              # GPU hosts come and go; they never tip the vote.
              keep-majority.role = coordinator
            }
            singleton.hand-over-retry-interval = 200ms
            singleton-proxy.singleton-identification-interval = 200ms
            sharding {
              state-store-mode = ddata
              remember-entities = off
              passivate-idle-entity-after = off
              retry-interval = 500ms
              distributed-data.durable.keys = []
              least-shard-allocation-strategy.rebalance-absolute-limit = 20
            }
          }
        }
        # Read only by builds that have Petabridge.Cmd: its protocol knows no token, so it stays on this machine.
        petabridge.cmd {
          host = "127.0.0.1"
          port = 9111
        }
        actorcluster {
          blocking-dispatcher {
            type = Dispatcher
            executor = "{{NameOf(typeof(DedicatedThreads))}}"
            throughput = 1
            thread-count = 4
          }
          pinned-dispatcher {
            type = PinnedDispatcher
          }
        }
        """).WithFallback(state.Configuration).WithFallback(ClusterSharding.DefaultConfig()).WithFallback(DistributedData.DefaultConfig());

    /// <summary>What an actor system is made of.</summary>
    /// <param name="settings">What is set about the node.</param>
    /// <param name="state">Where journal and snapshots are kept.</param>
    /// <exception cref="EnvironmentFaultException">The node's certificate cannot be used.</exception>
    public static ActorSystemSetup SetupOf(NodeSettings settings, StateStore state)
    {
        var setup = BootstrapSetup.Create().WithConfig(Of(settings, state));
        return settings.Tls is { } tls ? setup.And(tls.Setup()) : ActorSystemSetup.Create(setup);
    }

    private static string NameOf(Type type) => $"{type.FullName}, {type.Assembly.GetName().Name}";

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0}ms");

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
