using ActorCluster.Core.Faults;
using ActorCluster.Media;
using ActorCluster.Processing.Inference;
using ActorCluster.Processing.Reporting;
using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Slots;
using ActorCluster.Processing.Videos;
using ActorCluster.Storage;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;

namespace ActorCluster.Processing.Hosting;

/// <summary>One process of the cluster, with every role: composes the actors and is the way to talk to them.</summary>
public sealed class ClusterNode : IAsyncDisposable
{
    private const int Shards = 50;
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(10);

    private readonly NodeContext _context;
    private readonly ActorSystem _system;
    private readonly IActorRef _catalog;
    private readonly IActorRef _runs;
    private readonly IActorRef _inference;

    private ClusterNode(NodeContext context, ActorSystem system, string? onlyRun)
    {
        _context = context;
        _system = system;
        var sharding = ClusterSharding.Get(system);
        var settings = ClusterShardingSettings.Create(system);
        // Regions, singletons and what they need of each other come up in any order: each is reached through a proxy by its name.
        var (brokerProxy, catalogProxy) = (Proxy("slot-broker"), Proxy("run-catalog"));
        IActorRef? runs = null;
        var videos = sharding.Start("video", id => VideoActor.Props(KeyOf(id), context, brokerProxy, runs!), settings, new Extractor<IVideoMessage>(m => m.Key.EntityId));
        runs = sharding.Start("run", id => DatasetRunActor.Props(id, context, videos, brokerProxy, catalogProxy), settings, new Extractor<IRunMessage>(m => m.Run));
        Singleton(SlotBrokerActor.Props(videos), "slot-broker");
        Singleton(JournalBackOff.Supervise(RunCatalogActor.Props(runs, onlyRun), "run-catalog"), "run-catalog");
        _catalog = catalogProxy;
        _runs = runs;
        _inference = system.ActorOf(InferenceNodeActor.Props(context, brokerProxy, videos), "inference");
    }

    /// <summary>Failures of the environment that no run could record, oldest first.</summary>
    public IReadOnlyList<string> ReportedFailures => [.. _context.Reported.Select(f => f.ToString())];

    /// <summary>Starts a cluster of this one process.</summary>
    /// <param name="data">The data folder, which this process must hold the lock of.</param>
    /// <param name="tools">ffmpeg and ffprobe.</param>
    /// <param name="slots">Units worked on at a time, at least 1.</param>
    /// <param name="onlyRun">The one run to drive; null for every unfinished one.</param>
    /// <param name="inference">Where models are and what they run on; null for a CPU and no folder of models.</param>
    /// <param name="connection">The PostgreSQL database that the state is kept in; null for SQLite.</param>
    /// <exception cref="EnvironmentFaultException">The state cannot be opened, or the device is not there.</exception>
    public static async Task<ClusterNode> StartAsync(DataDirectory data, FfmpegTools tools, int slots, string? onlyRun, InferenceSettings? inference = null, string? connection = null)
    {
        inference ??= new InferenceSettings();
        inference.RequireDevice();
        var state = StateStore.Of(new NodeSettings { State = connection }, data);
        await state.PrepareAsync(CancellationToken.None);
        var system = ActorSystem.Create("actorcluster", NodeConfiguration.OneProcess(state));
        var cluster = Akka.Cluster.Cluster.Get(system);
        await cluster.JoinAsync(cluster.SelfAddress);
        return new ClusterNode(new NodeContext(data, tools, slots, inference), system, onlyRun);
    }

    /// <summary>Registers a run, extends it by what its manifest has more, or goes on with it.</summary>
    /// <exception cref="EnvironmentFaultException">The catalogue does not answer.</exception>
    public async Task SubmitAsync(RunSubmission submission)
    {
        _context.Pipelines.Add(submission.Assets);
        await AskAsync<RunCommands.RunAccepted>(_catalog, new RunCommands.SubmitRun(submission.Spec), TimeSpan.FromSeconds(60));
        _runs.Tell(new RunCommands.ResumeRun(submission.Spec.Name));
    }

    /// <summary>How far a run is.</summary>
    /// <exception cref="EnvironmentFaultException">The run does not answer.</exception>
    public Task<RunQueries.RunProgress> ProgressAsync(string run) => AskAsync<RunQueries.RunProgress>(_runs, new RunQueries.GetRunProgress(run), AskTimeout);

    /// <summary>Writes the run's summary, quarantine list and report from the journal.</summary>
    /// <returns>The summary.</returns>
    public Task<RunSummary> ReportAsync(string run, TimeSpan wall) => new RunReporter(_system, _context).WriteAsync(run, wall);

    /// <summary>Hands back the work in flight, so that nothing of it counts as a death, and stops.</summary>
    public async Task DrainAsync(TimeSpan within)
    {
        try
        {
            await _inference.Ask<InferenceMessages.Drained>(new InferenceMessages.Drain(), within);
        }
        catch (AskTimeoutException)
        {
            // The work that did not end in time is done again after the restart, as after a crash.
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _system.Terminate();
        _context.Pipelines.Dispose();
        _context.Probes.Dispose();
    }

    private static VideoKey KeyOf(string entityId)
    {
        var slash = entityId.LastIndexOf('/');
        var dot = entityId.LastIndexOf('.');
        return new VideoKey(
            entityId[..slash],
            int.Parse(entityId.AsSpan(slash + 1, dot - slash - 1), System.Globalization.CultureInfo.InvariantCulture),
            int.Parse(entityId.AsSpan(dot + 1), System.Globalization.CultureInfo.InvariantCulture));
    }

    private static async Task<T> AskAsync<T>(IActorRef actor, object question, TimeSpan within)
    {
        try
        {
            return await actor.Ask<T>(question, within);
        }
        catch (AskTimeoutException e)
        {
            throw new EnvironmentFaultException("cluster", $"No answer to {question.GetType().Name} within {within.TotalSeconds:0} s.", "Look at the log in the state folder.", e);
        }
    }

    private void Singleton(Props props, string name) => _system.ActorOf(
        ClusterSingletonManager.Props(props, PoisonPill.Instance, ClusterSingletonManagerSettings.Create(_system).WithSingletonName(name)), name + "-manager");

    private IActorRef Proxy(string name) => _system.ActorOf(
        ClusterSingletonProxy.Props($"/user/{name}-manager", ClusterSingletonProxySettings.Create(_system).WithSingletonName(name)), name + "-proxy");

    private sealed class Extractor<T>(Func<T, string> entityOf) : HashCodeMessageExtractor(Shards)
    {
        public override string? EntityId(object message) => message is T known ? entityOf(known) : null;
    }
}
