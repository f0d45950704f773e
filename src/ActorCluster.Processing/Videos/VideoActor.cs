using System.Diagnostics;
using ActorCluster.Core.Formats;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Inference;
using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Slots;
using ActorCluster.Processing.Voting;
using ActorCluster.Storage;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using Akka.Persistence;
using static ActorCluster.Processing.Videos.VideoCommands;
using static ActorCluster.Processing.Videos.VideoEvents;
using static ActorCluster.Processing.Videos.VideoMessages;

namespace ActorCluster.Processing.Videos;

/// <summary>
/// One video's way from file to predictions: probe and plan, slots and leases, votes, publishing. What it decides is in <see cref="VideoState"/>; this
/// file wires. Its other half, <c>VideoActor.Work.cs</c>, has the leased work.
/// </summary>
internal sealed partial class VideoActor : UntypedPersistentActor, IWithTimers
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(3);

    private readonly VideoKey _key;
    private readonly NodeContext _node;
    private readonly IActorRef _broker;
    private readonly IActorRef _runs;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _stop = new();
    private VideoState _state = VideoState.Empty;
    private ProcessVideo? _order;
    private Prepared? _plan;
    private IActorRef? _voting;
    private VotingMessages.VotesCounted? _counted;
    private VideoRestarted? _restart;
    private bool _stepRunning;
    private bool _reduced;
    private bool _tellsEnd;
    private bool _hadSnapshot;
    private int _failures;

    public VideoActor(VideoKey key, NodeContext node, IActorRef broker, IActorRef runs)
    {
        _key = key;
        _node = node;
        _broker = broker;
        _runs = runs;
    }

    /// <inheritdoc/>
    public override string PersistenceId => _key.PersistenceId;

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private static long Now => DateTime.UtcNow.Ticks;

    /// <summary>The video as people call it.</summary>
    private string Words => _order?.Id ?? _key.EntityId;

    public static Props Props(VideoKey key, NodeContext node, IActorRef broker, IActorRef runs) =>
        Akka.Actor.Props.Create(() => new VideoActor(key, node, broker, runs));

    protected override void PreStart()
    {
        base.PreStart();
        Timers.StartPeriodicTimer(Tick.Instance, Tick.Instance, Round);
    }

    protected override void PostStop()
    {
        _stop.Cancel();
        _stop.Dispose();
        base.PostStop();
    }

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: VideoState snapshot }:
                (_state, _hadSnapshot) = (snapshot, true);
                break;
            case IVideoEvent e:
                _state = _state.Apply(e);
                break;
        }
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        _node.Instruments.NotJournaled("video");
        _runs.Tell(new RunCommands.VideoTroubled(
            _key.Run, _key.Index, new Fault(false, "journal", $"an event could not be stored: {cause.Message}", "Check space and permissions of the state folder.", [])));
        base.OnPersistFailure(cause, @event, sequenceNr);
    }

    protected override void OnCommand(object message)
    {
        if (_node.HasFrozen)
        {
            return; // Another node has the video; what is begun here now would be work of a node that is gone.
        }

        switch (message)
        {
            case ProcessVideo m:
                _order = m;
                (_standingDown, _held) = (false, false);
                Advance();
                break;
            case QuarantineVideo m:
                _tellsEnd = true; // Its run may not have taken it up yet.
                Quarantine(m.Cause);
                break;
            case GetVideo m:
                Sender.Tell(_state.Show(m.FirstUnit));
                if (_order is null && _leases.Count == 0 && !_tellsEnd)
                {
                    Rest(); // Woken for this alone.
                }

                break;
            case Tick:
                Advance();
                break;
            case Prepared m:
                _stepRunning = false;
                TakePlan(m);
                break;
            case FilesWritten m:
                Published(m);
                break;
            case StepFailed m:
                _stepRunning = false;
                Failed(m.Stage, m.Cause);
                break;
            case VotingMessages.VotesCounted m:
                _counted = m;
                _asked = null;
                Advance();
                break;
            case VotingMessages.Decided m:
                Start(VideoSteps.PublishAsync(_node, _order!, _plan!, m.Frames), "publish");
                break;
            case Terminated m when m.ActorRef.Equals(_voting):
                VotingEnded();
                break;
            case OutcomeRecorded when _state.HasEnded:
                Reduce();
                break;
            case VotingMessages.Forgotten m when _restart is not null:
                VotesForgotten(m.IsGone);
                break;
            case VotingMessages.Forgotten:
                SaveSnapshot(_state.Reduced());
                break;
            case SaveSnapshotSuccess m:
                DeleteMessages(m.Metadata.SequenceNr);
                if (_hadSnapshot)
                {
                    DeleteSnapshots(new SnapshotSelectionCriteria(m.Metadata.SequenceNr - 1));
                }

                Rest();
                break;
            case SaveSnapshotFailure m:
                _log.Warning("Run {Run}: the history of video {Video} could not be reduced: {Cause}", _key.Run, Words, m.Cause.Message);
                Rest();
                break;
            case DeleteMessagesSuccess or DeleteMessagesFailure or DeleteSnapshotsSuccess or DeleteSnapshotsFailure or OutcomeRecorded:
                break;
            default:
                if (!OnWork(message))
                {
                    Unhandled(message);
                }

                break;
        }
    }

    /// <summary>Does whatever can be done next. Everything it starts is either running, asked for again in the next round, or stored.</summary>
    private void Advance()
    {
        if (_state.HasEnded && (_order is not null || _tellsEnd))
        {
            _runs.Tell(new RunCommands.VideoFinished(_key.Run, _state.Outcome!));
        }
        else if (_order is null || _standingDown || (_held && !_state.IsEncoded))
        {
            Settle();
        }
        else if (_restart is not null || _stepRunning || Timers.IsTimerActive(BackOff.Instance))
        {
            Tell(WaitingStages.Turn);
        }
        else if (_plan is null)
        {
            var probe = _state.Plan is null;
            Start(probe ? VideoSteps.ProbeAsync(_node, _order, _stop.Token) : VideoSteps.LoadAsync(_node, _order, _state.Plan!.PlanHash), probe ? "probe" : "plan");
            Tell("probe");
        }
        else if (_state.IsEncoded && _counted is { IsComplete: true })
        {
            Publish();
        }
        else if (Dead is { Count: > 0 } dead)
        {
            Bury(dead);
        }
        else if (Unheard is { Count: > 0 } unheard)
        {
            ForgetUnheard(unheard);
        }
        else
        {
            RequestSlots();
            Classify();
        }
    }

    /// <summary>Nothing new is to be started: comes to rest once nothing is in flight.</summary>
    private void Settle()
    {
        if (_standingDown || _held)
        {
            if (_leases.Count > 0 && Dead is { Count: > 0 } dead)
            {
                Bury(dead);
            }
            else if (_leases.Count == 0 && !_stepRunning && _restart is null)
            {
                _runs.Tell(new RunCommands.VideoRested(_key.Run, _key.Index));
                Rest();
            }
        }
        else if (_state.HasEnded && !_reduced)
        {
            Rest(); // Woken by something that came late. A run that still waits for the outcome asks, and wakes it again.
        }
    }

    private void TakePlan(Prepared plan)
    {
        if (_state.HasEnded)
        {
            Advance(); // An operator quarantined it meanwhile.
            return;
        }

        (_plan, _plannedAt) = (plan, DateTime.UtcNow);
        if (_state.ProcessVersion(EncoderIdentity.NumericVersion, Now) is { } restart)
        {
            _log.Warning("Run {Run}: video {Video} was begun by numeric version {From} and starts again with {To}.", _key.Run, Words, restart.FromVersion, restart.ToVersion);
            _restart = restart;
            StartVoting(plan);
            _voting!.Tell(new VotingMessages.Forget());
            return;
        }

        var (info, sequential) = (plan.Info, !plan.Info.Seek.Trusted);
        var events = new List<IVideoEvent>();
        if (_state.Plan is null)
        {
            events.Add(new VideoPlanned(
                Now, plan.PlanHash, info.ContentHash, info.Timeline.Count, info.Timeline.DurationSeconds, plan.ChunkEnds.Length, sequential, EncoderIdentity.NumericVersion, info.Warnings));
        }

        var state = events.Aggregate(_state, (s, e) => s.Apply(e));
        foreach (var unit in state.WorkUnits)
        {
            // What the store has needs no work: an earlier run's, or that of a process which died before it could report.
            var audio = unit.Audio && plan.AudioStored;
            var stored = plan.StoredChunks.Where(c => c >= unit.FirstChunk && c < unit.FirstChunk + unit.ChunkCount && !state.IsChunkEncoded(c)).ToList();
            foreach (var chunk in stored)
            {
                events.AddRange(state.ProcessStored(unit.Index, chunk, 1, audio, 0, reused: true, Now));
            }

            if (stored.Count == 0 && audio)
            {
                events.AddRange(state.ProcessStored(unit.Index, unit.FirstChunk, 0, audio: true, 0, reused: true, Now));
            }
        }

        state = events.Aggregate(_state, (s, e) => s.Apply(e));
        events.AddRange(state.ProcessDeaths(_key, node => _node.Liveness(node) != NodeLiveness.Gone, Now));
        Store(events, () =>
        {
            if (!_state.HasEnded)
            {
                StartVoting(plan);
            }

            Advance();
        });
    }

    private void StartVoting(Prepared plan) =>
        _voting ??= Context.Watch(Context.ActorOf(VotingActor.Props(_key, plan.Info.Timeline.Count, plan.Pipeline.Windows), "voting"));

    /// <summary>Votes of another version must be gone before the first one of this version is counted.</summary>
    private void VotesForgotten(bool areGone)
    {
        if (areGone)
        {
            Context.Stop(_voting!);
        }
        else
        {
            (_restart, _plan) = (null, null);
            Troubled(new Fault(false, "journal", "the votes of an earlier version could not be removed.", "Check the database.", []));
        }
    }

    /// <summary>A persistent actor stops when its journal fails. The votes that were not stored are asked for again once the plan is read back.</summary>
    private void VotingEnded()
    {
        (_voting, _counted, _asked) = (null, null, null);
        if (_restart is { } restart && !_state.HasEnded)
        {
            (_restart, _plan) = (null, null);
            Store([restart], Advance);
            return;
        }

        if (_state.HasEnded)
        {
            if (_reduced)
            {
                SaveSnapshot(_state.Reduced()); // It was to forget its votes; what is left of them costs space only.
            }

            return;
        }

        (_plan, _stepRunning) = (null, false);
        _node.Instruments.NotJournaled("votes");
        Troubled(new Fault(false, "journal", "the votes of a video could not be stored or read.", "Check space and permissions of the state folder.", []));
    }

    private void Publish()
    {
        if (_state.Phase == VideoPhase.Planned)
        {
            Store([new PublishIntended(Now)], () =>
            {
                PausePoint.Reach("intended", _order!.Id);
                Advance();
            });
        }
        else
        {
            _stepRunning = true;
            Tell("publish");
            _voting!.Tell(new VotingMessages.GetDecided());
        }
    }

    private void Published(FilesWritten files)
    {
        _stepRunning = false;
        if (_state.HasEnded)
        {
            Advance(); // An operator quarantined it meanwhile.
            return;
        }

        var outcome = _state.Summary(_key, Now) with { Completed = true, FaceFrames = files.FaceFrames, LabelTotals = files.LabelTotals, Files = files.Files };
        Store([new VideoPublished(Now, outcome)], () =>
        {
            PausePoint.Reach("published", _order!.Id);
            Advance();
        });
    }

    private void Quarantine(string operatorsCause)
    {
        if (_state.HasEnded)
        {
            Advance();
        }
        else
        {
            Quarantine(new Fault(true, "operator", operatorsCause, "", []));
        }
    }

    private void Quarantine(Fault fault)
    {
        _log.Warning("Run {Run}: video {Video} is quarantined: {Fault}", _key.Run, Words, fault);
        Store([_state.Quarantine(_key, fault, Now)], () =>
        {
            RevokeAll("the video is quarantined");
            Advance();
        });
    }

    /// <summary>A step or a unit failed: the input's fault ends the video, the environment's is tried again with growing pauses.</summary>
    private void Failed(string stage, Exception cause)
    {
        if (cause is DamagedAudioException)
        {
            Store(_state.ProcessLost([], audio: true, cause.Message, Now), Advance);
            return;
        }

        Failed(Fault.Of(cause, stage));
    }

    private void Failed(Fault fault)
    {
        if (_state.HasEnded)
        {
            return;
        }

        if (fault.IsInput)
        {
            Quarantine(fault);
        }
        else
        {
            Troubled(fault);
        }
    }

    private void Troubled(Fault fault)
    {
        var pause = TimeSpan.FromSeconds(Math.Min(30, 1 << Math.Min(_failures++, 5)));
        _log.Warning("Run {Run}: video {Video} is tried again in {Seconds} s: {Fault}", _key.Run, Words, pause.TotalSeconds, fault);
        _runs.Tell(new RunCommands.VideoTroubled(_key.Run, _key.Index, fault));
        Timers.StartSingleTimer(BackOff.Instance, Tick.Instance, pause);
    }

    private void Reduce()
    {
        if (PredictionRun.IsName(_key.Run))
        {
            Rest(); // Its history is about to be removed: what was still written of it then would stay.
        }
        else if (_state.FirstAt != 0 && LastSequenceNr > 0 && !_reduced)
        {
            _reduced = true;
            if (_voting is null)
            {
                SaveSnapshot(_state.Reduced());
            }
            else
            {
                _voting.Tell(new VotingMessages.Forget());
            }
        }
    }

    private static void Rest() => Context.Parent.Tell(new Passivate(PoisonPill.Instance));

    private void Start<T>(Task<T> step, string stage)
    {
        _stepRunning = true;
        step.PipeTo(Self, Self, success: result => result!, failure: e => new StepFailed(stage, e));
    }

    private void Store(IEnumerable<IVideoEvent> events, Action then)
    {
        var left = events.ToList();
        var count = left.Count;
        if (count == 0)
        {
            then();
            return;
        }

        var began = Stopwatch.GetTimestamp();
        PersistAll(left, e =>
        {
            _state = _state.Apply(e);
            _node.Instruments.Happened(e);
            if (--count == 0)
            {
                _node.Instruments.Journaled("video", began);
                then();
            }
        });
    }

    private void Tell(string stage) => _runs.Tell(new RunCommands.VideoProgressed(
        _key.Run, _key.Index, _state.Phase >= VideoPhase.Publishing ? _state.Plan?.Frames ?? 0 : FramesDone, _state.Plan?.Frames ?? 0, _state.Plan?.DurationSeconds ?? 0, stage));

    private sealed class Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }

    private sealed class BackOff
    {
        public static readonly BackOff Instance = new();
    }
}
