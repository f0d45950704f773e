using System.Collections.Immutable;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Formats;
using ActorCluster.Media;
using ActorCluster.Processing.Control;
using ActorCluster.Processing.Inference;
using ActorCluster.Processing.Reporting;
using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Trials;
using ActorCluster.Storage;
using ActorCluster.Training.Ablation;
using Akka.Actor;
using Akka.Cluster;

namespace ActorCluster.Processing.Hosting;

/// <summary>One process of a cluster, which may be the only one: joins, composes the actors of its roles, and is the way to talk to them.</summary>
public sealed partial class ClusterNode : IRunService, IAsyncDisposable
{
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CommandWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan JoinWithin = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan FreezeWithin = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan InsistFor = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HandBackWithin = TimeSpan.FromSeconds(10);
    private static readonly string ShippedModels = Path.Combine(AppContext.BaseDirectory, "configs", "models");

    private readonly NodeContext _context;
    private readonly ActorSystem _system;
    private readonly Akka.Cluster.Cluster _cluster;
    private readonly NodeActors _actors;
    private readonly StateStore _state;
    private readonly RunReader _reader;
    private readonly TaskCompletionSource<NodeExit> _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private NodeCheck? _check;
    private PredictionSweep? _sweep;
    private IActorRef _ablation = ActorRefs.Nobody;
    private volatile bool _leaving;

    private ClusterNode(NodeContext context, ActorSystem system, NodeActors actors, StateStore state)
    {
        _state = state;
        _reader = new RunReader(system, context);
        _context = context;
        _system = system;
        _actors = actors;
        _cluster = Akka.Cluster.Cluster.Get(system);
        Control = new ClusterControl((ExtendedActorSystem)system, actors.Runs);
        _cluster.RegisterOnMemberRemoved(() => _stopped.TrySetResult(_leaving ? NodeExit.Left : NodeExit.Removed));
        system.ActorOf(QuarantineWatch.Props(() => _stopped.TrySetResult(NodeExit.Removed)), "quarantine-watch");
        if (context.Settings.IsClustered && context.Settings.Roles.HasFlag(NodeRoles.Coordinator))
        {
            system.ActorOf(CrashWatch.Props(), "crash-watch");
        }

        context.ToldToLeave.ContinueWith(_ => _stopped.TrySetResult(NodeExit.ToldToLeave), TaskScheduler.Default);
        context.DeviceFailure.ContinueWith(_ => _stopped.TrySetResult(NodeExit.DeviceFailed), TaskScheduler.Default);
        context.Freezes?.Frozen.ContinueWith(_ => _stopped.TrySetResult(NodeExit.Removed), TaskScheduler.Default);
        context.Instruments.Gauge("cluster.members", "{node}", "Members of the cluster as this node sees it, itself included.", () => _cluster.State.Members.Count);
        context.Instruments.Gauge("cluster.unreachable", "{node}", "Members that this node cannot reach.", () => _cluster.State.Unreachable.Count);
    }

    /// <summary>The node's actor system, for what else is served out of it.</summary>
    public ActorSystem System => _system;

    /// <summary>Failures of the environment that no run could record, oldest first.</summary>
    public IReadOnlyList<string> ReportedFailures => [.. _context.Reported.Select(f => f.ToString())];

    /// <summary>Completes when the node's part in its cluster has ended, or must end: the process should then drain, if it can, and stop.</summary>
    public Task<NodeExit> Stopped => _stopped.Task;

    /// <summary>Sees and steers the cluster's nodes.</summary>
    public IClusterControl Control { get; }

    /// <summary>What the node knows of itself and its cluster now.</summary>
    public NodeState State
    {
        get
        {
            var address = _cluster.SelfAddress;
            return new NodeState(
                _context.Name,
                $"{address.Host}:{address.Port}",
                _cluster.SelfMember.Status == MemberStatus.Up && !_stopped.Task.IsCompleted,
                _cluster.State.Members.Count,
                _cluster.State.Unreachable.Count,
                _context.Data.IsPresent) { Problems = _check?.Problems ?? [] };
        }
    }

    /// <summary>Starts a node: alone with SQLite as its journal, or as a member of a cluster with PostgreSQL.</summary>
    /// <param name="data">The data folder. A node that is alone must hold its lock.</param>
    /// <param name="tools">ffmpeg and ffprobe.</param>
    /// <param name="settings">What is set about the node.</param>
    /// <param name="onlyRun">The one run to drive, whose report the caller writes; null for every unfinished one.</param>
    /// <exception cref="EnvironmentFaultException">The state cannot be opened, the device is not there, or the cluster does not answer or does not take the node.</exception>
    public static async Task<ClusterNode> StartAsync(DataDirectory data, FfmpegTools tools, NodeSettings settings, string? onlyRun = null)
    {
        settings.Inference.RequireDevice();
        var state = StateStore.Of(settings, data);
        await state.PrepareAsync(CancellationToken.None);
        var system = ActorSystem.Create(NodeConfiguration.SystemName, NodeConfiguration.SetupOf(settings, state));
        try
        {
            await JoinAsync(system, settings);
            var context = new NodeContext(data, tools, settings, new Membership(Akka.Cluster.Cluster.Get(system)))
            {
                ReportsRuns = onlyRun is null,
                Freezes = settings.IsClustered ? new FreezeWatch(settings.Timers.HeartbeatPause + settings.Timers.StableAfter) : null,
            };
            var admission = NodeActors.StartAdmission(system, context);
            if (settings.IsClustered)
            {
                // Nobody else can have this address, so what another life of this node left is nobody's.
                AtomicFile.OwnTemporaries(Membership.AddressOf(context.Name));
                AtomicFile.DeleteTemporariesOf(data.Root, Membership.AddressOf(context.Name));
                await Admission.RequestAsync(admission, context);
            }

            var node = new ClusterNode(context, system, NodeActors.Start(system, context, onlyRun), state);
            if (onlyRun is null)
            {
                // Whoever drives one run sees from its work whether the node can.
                Action? forwardPass = settings.Roles.HasFlag(NodeRoles.Gpu) ? () => ForwardPass.Try(settings.Inference, ShippedModels) : null;
                node._check = new NodeCheck(context, forwardPass, state.ReachAsync, () => node.State.IsReady, NodeCheck.Every);
                node._sweep = new PredictionSweep(data, node.DiscardAsync, settings.IsClustered ? () => node._cluster.State.Leader == node._cluster.SelfAddress : null, PredictionSweep.Every);
            }

            return node;
        }
        catch
        {
            await StopAsync(system, leave: settings.IsClustered);
            throw;
        }
    }

    /// <summary>Registers a run that is frozen already, extends it by what its manifest has more, or goes on with it.</summary>
    /// <exception cref="EnvironmentFaultException">The catalogue does not answer.</exception>
    public async Task SubmitAsync(RunSubmission submission)
    {
        _context.Pipelines.Add(submission.Assets);
        await SubmitAsync(submission.Spec);
    }

    /// <summary>Has a node freeze a run and registers it, extends it by what its inputs have more, or goes on with it.</summary>
    /// <exception cref="RunRequestException">The request is wrong: its pipeline, or its inputs.</exception>
    /// <exception cref="EnvironmentFaultException">The run cannot be frozen, exists with other models, or the cluster does not answer.</exception>
    public async Task<RunFrozen> SubmitAsync(RunRequest request)
    {
        if (request.Run is { } run && PredictionRun.Reserves(run))
        {
            throw new RunRequestException($"Names that begin with '{PredictionRun.Prefix}' are kept for videos that are uploaded to POST /v1/predict. Choose another one than '{run}'.");
        }

        var frozen = await FreezeAsync(new RunCommands.FreezeRun(request));
        await SubmitAsync(frozen.Spec);
        return frozen.Frozen;
    }

    private async Task<RunCommands.RunIsFrozen> FreezeAsync(RunCommands.FreezeRun order)
    {
        switch (await AskAsync<object>(_actors.Broker, order, FreezeWithin))
        {
            case RunCommands.RunIsFrozen frozen:
                return (await InsistAsync<RunCommands.RunChecked>(_actors.Runs, new RunCommands.CheckRun(frozen.Spec))).Conflict is { } conflict
                    ? throw new EnvironmentFaultException(conflict.Stage, conflict.Cause, conflict.Remedy)
                    : frozen;
            case RunCommands.FreezeFailed { IsUsage: true } wrong:
                throw new RunRequestException(wrong.Fault.Cause);
            case RunCommands.FreezeFailed failed:
                throw new EnvironmentFaultException(failed.Fault.Stage, failed.Fault.Cause, failed.Fault.Remedy);
            case var other:
                throw new InvalidOperationException($"The broker answered a submission with {other.GetType().Name}.");
        }
    }

    /// <summary>The runs, newest first.</summary>
    /// <exception cref="EnvironmentFaultException">The catalogue does not answer.</exception>
    public async Task<ImmutableArray<RunListing>> RunsAsync() => (await AskAsync<RunQueries.RunsListed>(_actors.Catalog, new RunQueries.GetRuns(), AskTimeout)).Runs;

    /// <summary>How far a run is; one that nobody submitted has no video.</summary>
    /// <exception cref="EnvironmentFaultException">The run does not answer.</exception>
    public Task<RunQueries.RunProgress> ProgressAsync(string run) => AskAsync<RunQueries.RunProgress>(_actors.Runs, new RunQueries.GetRunProgress(run), AskTimeout);

    /// <summary>Has the cluster's slots work on an ablation, from this node on, one of them in its life. Trials with a result are not done again.</summary>
    /// <param name="folder">The folder that receives plan, trainings and results.</param>
    /// <param name="plan">What to do; it is written to the folder.</param>
    /// <exception cref="EnvironmentFaultException">The folder cannot be written, or a result in it is of other settings.</exception>
    public void StartAblation(string folder, AblationPlan plan)
    {
        plan.Write(folder);
        ImmutableArray<(AblationTrial, TrialResult?)> trials = [.. plan.Trials(folder, _context.Settings.Inference.TorchDevice).Select(t => (t, t.Read()))];
        _ablation = _system.ActorOf(AblationActor.Props(folder, plan, trials, _actors.Broker, _context.Settings.Timers.Patience), "ablation");
    }

    /// <summary>How far the ablation is that was started here.</summary>
    /// <exception cref="EnvironmentFaultException">It does not answer.</exception>
    public Task<AblationState> AblationAsync() => AskAsync<AblationState>(_ablation, new AblationMessages.GetAblation(), AskTimeout);

    /// <summary>Writes a run's summary, quarantine list and report from the journal, with this process's own meter.</summary>
    /// <returns>The summary.</returns>
    public Task<RunSummary> ReportAsync(string run, TimeSpan wall) =>
        new RunReporter(_system, _context).WriteAsync(run, wall, TimeSpan.FromSeconds(_context.Meter.ActiveSeconds), _context.Meter.Reading);

    /// <summary>Takes no more work, lets units finish for a while, and hands back the rest, so that nothing of it counts as a death.</summary>
    /// <param name="finish">How long units may go on.</param>
    public async Task DrainAsync(TimeSpan finish)
    {
        try
        {
            var busy = new[] { _actors.Inference, _actors.Decoder }.OfType<IActorRef>();
            await Task.WhenAll(busy.Select(actor => actor.Ask<InferenceMessages.Drained>(new InferenceMessages.Drain(finish), finish + HandBackWithin)));
        }
        catch (AskTimeoutException)
        {
            // The work that did not end in time is done again after the restart, as after a crash.
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _leaving = true;
        _context.Freezes?.Dispose();
        _check?.Dispose();
        _sweep?.Dispose();
        var stays = !_stopped.Task.IsCompleted || await _stopped.Task == NodeExit.ToldToLeave;
        await StopAsync(_system, leave: _context.Settings.IsClustered && stays);
        _stopped.TrySetResult(NodeExit.Left);
        _context.Pipelines.Dispose();
        _context.Probes.Dispose();
        _context.Trials.Dispose();
        _context.Instruments.Dispose();
    }

    private static async Task StopAsync(ActorSystem system, bool leave)
    {
        if (leave)
        {
            // Hands shards and singletons over before it goes.
            await CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ClusterLeavingReason.Instance);
        }

        await system.Terminate();
    }

    private static async Task JoinAsync(ActorSystem system, NodeSettings settings)
    {
        var cluster = Akka.Cluster.Cluster.Get(system);
        if (!settings.IsClustered)
        {
            await cluster.JoinAsync(cluster.SelfAddress);
            return;
        }

        using var limit = new CancellationTokenSource(JoinWithin);
        try
        {
            await cluster.JoinSeedNodesAsync([.. settings.Seeds.Select(s => Address.Parse($"{cluster.SelfAddress.Protocol}://{NodeConfiguration.SystemName}@{s}"))], limit.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or ClusterJoinFailedException)
        {
            throw new EnvironmentFaultException(
                "cluster", $"No cluster at {string.Join(", ", settings.Seeds)} has taken this node in {JoinWithin.TotalSeconds:0} s.", "Start the first of the seeds, and check addresses and firewalls.", e);
        }
    }

    private async Task SubmitAsync(RunSpec spec)
    {
        await RegisterAsync(spec);
        await InsistAsync<RunCommands.RunAnswered>(_actors.Runs, new RunCommands.ResumeRun(spec.Name)); // One that was not paused answers so.
    }

    private async Task RegisterAsync(RunSpec spec) => await InsistAsync<RunCommands.RunAccepted>(_actors.Catalog, new RunCommands.SubmitRun(spec));

    /// <summary>
    /// Asks until there is an answer, for what may be asked twice: whoever should answer may be on its way to another node, just be starting, or wait for its
    /// journal, and what it is told then is lost.
    /// </summary>
    /// <exception cref="EnvironmentFaultException">There was no answer for a minute.</exception>
    internal static async Task<T> InsistAsync<T>(IActorRef actor, object question)
    {
        for (var until = DateTime.UtcNow + InsistFor; ;)
        {
            try
            {
                return await AskAsync<T>(actor, question, AskAgainAfter);
            }
            catch (EnvironmentFaultException) when (DateTime.UtcNow < until)
            {
                // Once more.
            }
        }
    }

    internal static async Task<T> AskAsync<T>(IActorRef actor, object question, TimeSpan within)
    {
        try
        {
            return await actor.Ask<T>(question, within);
        }
        catch (AskTimeoutException e)
        {
            throw new EnvironmentFaultException("cluster", $"No answer to {question.GetType().Name} within {within.TotalSeconds:0} s.", "Look at the log, and whether the other nodes and the database are there.", e);
        }
    }
}
