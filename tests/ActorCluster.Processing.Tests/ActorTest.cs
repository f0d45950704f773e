using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit2;

namespace ActorCluster.Processing.Tests;

/// <summary>A test among actors: journal in memory, strict serialization, generous deadlines.</summary>
public abstract class ActorTest : TestKit
{
    /// <summary>How long anything may take on a busy machine.</summary>
    protected static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static readonly Config Settings = ConfigurationFactory.ParseString(
        """
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          log-dead-letters = off
          loggers = ["ActorCluster.Processing.Hosting.SerilogLoggerActor, ActorCluster.Processing"]
          test.default-timeout = 60s
          test.single-expect-default = 60s
          actor {
            serializers.actorcluster = "ActorCluster.Processing.Serialization.MessageSerializer, ActorCluster.Processing"
            serialization-bindings {
              "ActorCluster.Processing.Serialization.IWireMessage, ActorCluster.Processing" = actorcluster
            }
            serialization-settings.allow-unregistered-types = false
          }
          persistence {
            journal {
              plugin = "akka.persistence.journal.probed"
              probed.class = "ActorCluster.Processing.Tests.ProbedJournal, ActorCluster.Processing.Tests"
            }
            snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
          }
        }
        actorcluster {
          blocking-dispatcher.type = Dispatcher
          pinned-dispatcher.type = PinnedDispatcher
        }
        """);

    protected ActorTest()
        : base(Settings, "actorcluster")
    {
    }

    protected IEnumerable<T> Written<T>(string persistenceId) => ProbedJournal.Written(Sys).Where(w => w.PersistenceId == persistenceId).Select(w => w.Event).OfType<T>();

    /// <summary>Ends an actor as a crash would, and waits until it is gone.</summary>
    protected void Kill(IActorRef actor)
    {
        var watcher = CreateTestProbe();
        watcher.Watch(actor);
        Sys.Stop(actor);
        watcher.ExpectTerminated(actor, Deadline);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        ProbedJournal.Forget(Sys);
    }

    /// <summary>The next message of a type, whatever else comes before it.</summary>
    protected static T Await<T>(TestProbe probe, Predicate<T>? when = null) =>
        (T)probe.FishForMessage(m => m is T wanted && (when is null || when(wanted)), Deadline);
}
