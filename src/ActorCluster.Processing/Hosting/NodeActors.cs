using System.Globalization;
using ActorCluster.Processing.Audit;
using ActorCluster.Processing.Control;
using ActorCluster.Processing.Decoding;
using ActorCluster.Processing.Inference;
using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Slots;
using ActorCluster.Processing.Videos;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;

namespace ActorCluster.Processing.Hosting;

/// <summary>The actors of a node's roles, and the ways to those of other nodes.</summary>
/// <param name="Runs">The region of runs, on coordinators.</param>
/// <param name="Videos">The region of videos, on workers.</param>
/// <param name="Broker">The slot broker, on a coordinator.</param>
/// <param name="Catalog">The catalogue of runs, on a coordinator.</param>
/// <param name="Audit">The record of operators' commands, on a coordinator.</param>
/// <param name="Inference">This process's place in the pool of inference nodes; null without that role.</param>
/// <param name="Decoder">This process's place among those that decode for others; null where it does not.</param>
internal sealed record NodeActors(IActorRef Runs, IActorRef Videos, IActorRef Broker, IActorRef Catalog, IActorRef Audit, IActorRef? Inference, IActorRef? Decoder)
{
    /// <summary>About ten times the number of nodes that are to be expected; it can never change without a full stop.</summary>
    private const int Shards = 200;

    /// <summary>Starts what decides whether nodes may take part.</summary>
    /// <returns>The way to it.</returns>
    public static IActorRef StartAdmission(ActorSystem system, NodeContext node)
    {
        Singleton(system, node, "admission", AdmissionActor.Props(node));
        return Proxy(system, "admission");
    }

    /// <summary>Starts the actors of the node's roles.</summary>
    /// <param name="system">The actor system, which has joined.</param>
    /// <param name="node">The node.</param>
    /// <param name="onlyRun">The one run to drive; null for every unfinished one.</param>
    public static NodeActors Start(ActorSystem system, NodeContext node, string? onlyRun)
    {
        // Regions, singletons and what they need of each other come up in any order: each is reached through a proxy by its name.
        var (broker, catalog) = (Proxy(system, "slot-broker"), Proxy(system, "run-catalog"));
        IActorRef? runs = null;
        var videos = Region<IVideoMessage>(system, node, NodeRoles.Worker, "video", m => m.Key.EntityId, id => VideoActor.Props(KeyOf(id), node, broker, runs!));
        runs = Region<IRunMessage>(system, node, NodeRoles.Coordinator, "run", m => m.Run, id => DatasetRunActor.Props(id, node, videos, broker, catalog));
        Singleton(system, node, "slot-broker", SlotBrokerActor.Props(videos, node.Liveness, () => node.HasFrozen));
        Singleton(system, node, "run-catalog", JournalBackOff.Supervise(RunCatalogActor.Props(runs, onlyRun), "catalog"));
        Singleton(system, node, "audit", JournalBackOff.Supervise(AuditActor.Props(), "audit"));
        var inference = node.Settings.Roles.HasFlag(NodeRoles.Gpu) ? system.ActorOf(InferenceNodeActor.Props(node, broker, videos), "inference") : null;
        var decoder = node.Settings.Roles.HasFlag(NodeRoles.Worker) && node.Settings.DecodeSlots > 0 ? system.ActorOf(DecodeServerActor.Props(node, broker), "decoder") : null;
        system.ActorOf(NodeControlActor.Props(node, inference, decoder), NodeControlActor.Name);
        return new NodeActors(runs, videos, broker, catalog, Proxy(system, "audit"), inference, decoder);
    }

    private static IActorRef Region<T>(ActorSystem system, NodeContext node, NodeRoles role, string name, Func<T, string> entityOf, Func<string, Props> props)
    {
        var extractor = new Extractor<T>(entityOf);
        return node.Settings.Roles.HasFlag(role)
            ? ClusterSharding.Get(system).Start(name, props, ClusterShardingSettings.Create(system).WithRole(NodeRoleNames.Of(role)), extractor)
            : ClusterSharding.Get(system).StartProxy(name, NodeRoleNames.Of(role), extractor);
    }

    private static void Singleton(ActorSystem system, NodeContext node, string name, Props props)
    {
        if (node.Settings.Roles.HasFlag(NodeRoles.Coordinator))
        {
            var settings = ClusterSingletonManagerSettings.Create(system).WithSingletonName(name).WithRole(NodeRoleNames.Of(NodeRoles.Coordinator));
            system.ActorOf(ClusterSingletonManager.Props(props, PoisonPill.Instance, settings), name + "-manager");
        }
    }

    private static IActorRef Proxy(ActorSystem system, string name) => system.ActorOf(
        ClusterSingletonProxy.Props($"/user/{name}-manager", ClusterSingletonProxySettings.Create(system).WithSingletonName(name).WithRole(NodeRoleNames.Of(NodeRoles.Coordinator))),
        name + "-proxy");

    private static VideoKey KeyOf(string entityId)
    {
        var slash = entityId.LastIndexOf('/');
        var dot = entityId.LastIndexOf('.');
        return new VideoKey(
            entityId[..slash],
            int.Parse(entityId.AsSpan(slash + 1, dot - slash - 1), CultureInfo.InvariantCulture),
            int.Parse(entityId.AsSpan(dot + 1), CultureInfo.InvariantCulture));
    }

    private sealed class Extractor<T>(Func<T, string> entityOf) : HashCodeMessageExtractor(Shards)
    {
        public override string? EntityId(object message) => message is T known ? entityOf(known) : null;
    }
}
