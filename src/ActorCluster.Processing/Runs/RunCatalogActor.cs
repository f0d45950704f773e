using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using static ActorCluster.Processing.Runs.RunCommands;
using static ActorCluster.Processing.Runs.RunEvents;
using static ActorCluster.Processing.Runs.RunQueries;

namespace ActorCluster.Processing.Runs;

/// <summary>
/// Cluster singleton that knows every run and pings the unfinished ones through their region, so that a run lost with its node wakes elsewhere.
/// </summary>
internal sealed class RunCatalogActor : UntypedPersistentActor, IWithTimers
{
    /// <summary>Runs that one answer lists: names are up to 100 characters long, and a message has 64 KiB.</summary>
    public const int LargestList = 250;

    private readonly IActorRef _runs;
    private readonly string? _only;
    private ImmutableDictionary<string, RunSpec> _unfinished = ImmutableDictionary<string, RunSpec>.Empty;
    private ImmutableDictionary<string, RunDigest> _digests = ImmutableDictionary<string, RunDigest>.Empty; // What ended runs stored, and others last told.
    private ImmutableList<RunSpec> _all = []; // In the order of their last submission.

    public RunCatalogActor(IActorRef runs, string? only)
    {
        _runs = runs;
        _only = only;
    }

    /// <inheritdoc/>
    public override string PersistenceId => "run-catalog";

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="runs">The region of runs.</param>
    /// <param name="only">The one run to drive, or null for all.</param>
    public static Props Props(IActorRef runs, string? only) => Akka.Actor.Props.Create(() => new RunCatalogActor(runs, only));

    protected override void PreStart()
    {
        base.PreStart();
        Timers.StartPeriodicTimer(Tick.Instance, Tick.Instance, TimeSpan.FromSeconds(2));
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case SubmitRun m:
                Submit(m.Spec, Sender);
                break;
            case GetRuns:
                Sender.Tell(new RunsListed([.. _all.Reverse().Take(LargestList).Select(Listing)]));
                break;
            case RunTold m when _unfinished.ContainsKey(m.Run):
                _digests = _digests.SetItem(m.Run, m.Digest);
                break;
            case RunTold:
                break;
            case ForgetRun m:
                Forget(m.Run, Sender);
                break;
            case RunFinished m when _unfinished.ContainsKey(m.Run):
                var runRegion = _runs;
                Persist(new RunEnded(DateTime.UtcNow.Ticks, m.Run, m.Digest), e =>
                {
                    Apply(e);
                    runRegion.Tell(new EndRecorded(m.Run));
                });
                break;
            case RunFinished m:
                _runs.Tell(new EndRecorded(m.Run));
                break;
            case Tick:
                foreach (var spec in _unfinished.Values.Where(s => _only is null || s.Name == _only))
                {
                    _runs.Tell(new DriveRun(spec));
                }

                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void OnRecover(object message)
    {
        if (message is RunSubmitted or RunEnded or RunDeleted)
        {
            Apply(message);
        }
    }

    private void Submit(RunSpec spec, IActorRef submitter)
    {
        if (_unfinished.GetValueOrDefault(spec.Name) == spec)
        {
            Accept(spec, submitter);
            return;
        }

        Persist(new RunSubmitted(DateTime.UtcNow.Ticks, spec), e =>
        {
            Apply(e);
            Accept(spec, submitter);
        });
    }

    private void Accept(RunSpec spec, IActorRef submitter)
    {
        submitter.Tell(new RunAccepted(spec.Name));
        _runs.Tell(new DriveRun(spec));
    }

    private void Forget(string run, IActorRef asker)
    {
        if (!_all.Exists(s => s.Name == run))
        {
            asker.Tell(new RunForgotten(run));
            return;
        }

        Persist(new RunDeleted(DateTime.UtcNow.Ticks, run), e =>
        {
            Apply(e);
            asker.Tell(new RunForgotten(run));
        });
    }

    private RunListing Listing(RunSpec spec)
    {
        var ended = !_unfinished.ContainsKey(spec.Name);
        return _digests.GetValueOrDefault(spec.Name) is { } d
            ? new RunListing(spec.Name, spec.PipelineName, spec.Videos, ended, d.Phase, d.Completed, d.Quarantined, d.Cancelled, d.Priority, d.StartedAt, d.EndedAt)
            : new RunListing(spec.Name, spec.PipelineName, spec.Videos, ended, ended ? RunPhase.Ended : RunPhase.Running);
    }

    private void Apply(object happened)
    {
        switch (happened)
        {
            case RunSubmitted e:
                _unfinished = _unfinished.SetItem(e.Spec.Name, e.Spec);
                _all = _all.RemoveAll(s => s.Name == e.Spec.Name).Add(e.Spec);
                _digests = _digests.Remove(e.Spec.Name);
                break;
            case RunEnded e:
                _unfinished = _unfinished.Remove(e.Run);
                _digests = e.Digest is null ? _digests.Remove(e.Run) : _digests.SetItem(e.Run, e.Digest);
                break;
            case RunDeleted e:
                _unfinished = _unfinished.Remove(e.Run);
                _digests = _digests.Remove(e.Run);
                _all = _all.RemoveAll(s => s.Name == e.Run);
                break;
        }
    }

    private sealed class Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }
}
