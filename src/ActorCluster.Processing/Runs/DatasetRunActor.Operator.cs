using ActorCluster.Processing.Videos;
using Akka.Actor;
using Akka.Cluster.Sharding;
using static ActorCluster.Processing.Runs.RunCommands;
using static ActorCluster.Processing.Runs.RunEvents;

namespace ActorCluster.Processing.Runs;

/// <summary>What operators command a run.</summary>
internal sealed partial class DatasetRunActor
{
    private readonly Dictionary<int, (string Cause, List<IActorRef> Askers)> _quarantining = [];
    private bool _reopens;

    private bool OnOperator(object message)
    {
        switch (message)
        {
            case PauseRun:
                Do(_state.ProcessPause(Now), StandAll);
                return true;
            case ResumeRun:
                Do(_state.ProcessResume(Now), Resume);
                return true;
            case CancelRun or RetryVideos or QuarantineVideo when _ended.Count > 0:
                StoreEnded(); // What has ended has ended before the command.
                Self.Forward(message);
                return true;
            case CancelRun:
                var left = _state.Count(VideoStatus.Pending);
                Do(_state.ProcessCancel(Now), Cancelled, left);
                return true;
            case PrioritiseRun m:
                Do(_state.ProcessPriority(m.Priority, Now), Ping);
                return true;
            case RetryVideos m:
                var again = _state.ProcessRetry(m.All ? null : m.Videos, Now);
                Do(again, Retried, again.Event is VideosRetried e ? e.Videos.Length : 0);
                return true;
            case QuarantineVideo m:
                Quarantine(m);
                return true;
            case WriteReport when _state.Spec is null:
                Sender.Tell(new RunAnswered("There is no such run.", 0));
                return true;
            case WriteReport:
                WriteReportAsync(_state.IsCompleted ? _state.EndedAt : Now)
                    .PipeTo(Sender, Self, success: s => new RunAnswered("", s.Videos.Length), failure: f => new RunAnswered("", 0, Fault.Of(f, "report")));
                return true;
            case DeleteRun:
                Delete();
                return true;
            default:
                return false;
        }
    }

    private void Do(RunDecision decision, Action then, int videos = 0)
    {
        var asker = Sender;
        if (decision.Event is not { } happened)
        {
            asker.Tell(new RunAnswered(decision.Refusal, decision.Refusal.Length > 0 ? 0 : videos));
            return;
        }

        Persist(happened, e =>
        {
            Apply(e);
            then();
            asker.Tell(new RunAnswered("", videos));
            TellCatalog();
        });
    }

    private void Resume()
    {
        _trouble = TroubleTracker.None;
        Ping(); // Videos that still had something in flight need not come to rest.
        Fill();
    }

    private void Cancelled()
    {
        StandAll();
        AnnounceEnd();
    }

    private void Retried()
    {
        _next = 0;
        _reopens = true;
        Reopen();
        Fill();
    }

    private void StandAll()
    {
        foreach (var index in _inFlight.Keys)
        {
            Stand(index);
        }

        _next = 0;
    }

    /// <summary>A video that is in flight while its run is not at work: it finishes what it has begun after an operator's pause, and gives it up otherwise.</summary>
    private void Stand(int index)
    {
        if (_state.IsCancelled || _state is { IsPaused: true, PausedByOperator: false })
        {
            _videos.Tell(new VideoCommands.StandDown(Key(index)));
        }
        else if (_state.IsPaused)
        {
            _videos.Tell(new VideoCommands.HoldVideo(Key(index)));
        }
    }

    private void Rested(int index)
    {
        if (_state.Phase != RunPhase.Running)
        {
            _inFlight.Remove(index);
        }
    }

    /// <summary>The catalogue pings unfinished runs only, and has recorded the end of this one: it must know before this actor dies that there is more to do.</summary>
    private void Reopen()
    {
        if (_reopens && _state is { Spec: { } spec, IsCompleted: false })
        {
            _catalog.Tell(new SubmitRun(spec));
        }
    }

    private void TellCatalog()
    {
        if (_state.Spec is not null)
        {
            _catalog.Tell(new RunTold(_run, _state.Digest));
        }
    }

    /// <summary>The video stores its end itself, and tells it as any other; the operator is answered once it is recorded here.</summary>
    private void Quarantine(QuarantineVideo m)
    {
        var decision = _state.ProcessQuarantine(m.Index);
        if (decision.Refusal.Length > 0)
        {
            Sender.Tell(new RunAnswered(decision.Refusal, 0));
            return;
        }

        if (!_quarantining.TryGetValue(m.Index, out var waiting))
        {
            _quarantining.Add(m.Index, waiting = (m.Cause, []));
        }

        waiting.Askers.Add(Sender);
        _videos.Tell(new VideoCommands.QuarantineVideo(Key(m.Index), m.Cause));
    }

    /// <summary>Answers those whose video has ended, and tells the others' again: a message to a video that moves is lost.</summary>
    private void SettleQuarantines()
    {
        foreach (var (index, (cause, askers)) in _quarantining.ToList())
        {
            if (_state.Status(index) == VideoStatus.Pending)
            {
                _videos.Tell(new VideoCommands.QuarantineVideo(Key(index), cause));
                continue;
            }

            _quarantining.Remove(index);
            var refusal = _state.Status(index) == VideoStatus.Quarantined ? "" : _state.ProcessQuarantine(index).Refusal;
            askers.ForEach(asker => asker.Tell(new RunAnswered(refusal, refusal.Length > 0 ? 0 : 1)));
        }
    }

    private void Delete()
    {
        var decision = _state.ProcessDelete();
        var refusal = decision.Refusal.Length == 0 && (_inFlight.Count > 0 || _reporting)
            ? $"Run '{_run}' has only just ended, and {_inFlight.Count} of its videos are not at rest yet. Try again in a few seconds."
            : decision.Refusal;
        Sender.Tell(new RunAnswered(refusal, refusal.Length > 0 ? 0 : _state.Statuses.Length));
        if (refusal.Length == 0 || _state.Spec is null)
        {
            Context.Parent.Tell(new Passivate(PoisonPill.Instance));
        }
    }
}
