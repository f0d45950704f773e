using System.Collections.Immutable;
using System.Diagnostics;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Formats;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Inference;
using ActorCluster.Processing.Reporting;
using ActorCluster.Processing.Slots;
using ActorCluster.Processing.Telemetry;
using ActorCluster.Processing.Videos;
using ActorCluster.Storage;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using static ActorCluster.Processing.Runs.RunCommands;
using static ActorCluster.Processing.Runs.RunEvents;
using static ActorCluster.Processing.Runs.RunQueries;

namespace ActorCluster.Processing.Runs;

/// <summary>
/// One run: keeps twice as many videos in flight as the cluster has slots, stores how each ends, and pauses itself when nothing but failures of the
/// environment come back. What it decides is in <see cref="DatasetRunState"/> and <see cref="TroubleTracker"/>. Its other half, <c>DatasetRunActor.Operator.cs</c>,
/// has what operators command.
/// </summary>
internal sealed partial class DatasetRunActor : UntypedPersistentActor, IWithTimers
{
    private const int SnapshotEvery = 500;
    private const int LargestBatch = 20;
    private static readonly (VideoStatus, string)[] Outcomes = [(VideoStatus.Completed, "completed"), (VideoStatus.Quarantined, "quarantined"), (VideoStatus.Cancelled, "cancelled")];
    private static readonly TimeSpan BatchDelay = TimeSpan.FromMilliseconds(50);

    private readonly string _run;
    private readonly NodeContext _node;
    private readonly IActorRef _videos;
    private readonly IActorRef _broker;
    private readonly IActorRef _catalog;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly SortedDictionary<int, VideoProgress> _inFlight = [];
    private readonly Dictionary<int, VideoOutcome> _ended = [];
    private readonly RunTracker _tracker = new(TimeProvider.System);
    private DatasetRunState _state = DatasetRunState.Empty;
    private IReadOnlyList<FrozenManifest.Line> _manifest = [];
    private TroubleTracker _trouble = TroubleTracker.None;
    private int _next;
    private int _slots = 1;
    private bool _reporting;
    private long _reportedEnd;
    private DateTime? _workSince;
    private MeterReading? _meterBefore;
    private MeterReading _meter = MeterReading.Zero;

    public DatasetRunActor(string run, NodeContext node, IActorRef videos, IActorRef broker, IActorRef catalog)
    {
        _run = run;
        _node = node;
        _videos = videos;
        _broker = broker;
        _catalog = catalog;
        PersistenceId = PersistenceIdOf(run);
    }

    /// <inheritdoc/>
    public override string PersistenceId { get; }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Where a run keeps its events.</summary>
    public static string PersistenceIdOf(string run) => $"run-{run}";

    public static Props Props(string run, NodeContext node, IActorRef videos, IActorRef broker, IActorRef catalog) =>
        Akka.Actor.Props.Create(() => new DatasetRunActor(run, node, videos, broker, catalog)).WithDispatcher(Dispatchers.Blocking);

    protected override void PreStart()
    {
        base.PreStart();
        Timers.StartPeriodicTimer(Tick.Instance, Tick.Instance, TimeSpan.FromSeconds(1));
    }

    protected override void PostStop()
    {
        _node.Instruments.Led(_run, null);
        base.PostStop();
    }

    protected override void OnCommand(object message)
    {
        if (_node.HasFrozen)
        {
            return; // Another node has the run.
        }

        switch (message)
        {
            case DriveRun m:
                Drive(m.Spec);
                break;
            case CheckRun m:
                Sender.Tell(new RunChecked(_state.Conflict(m.Spec)));
                break;
            case VideoFinished m when IsKnown(m.Outcome.Index):
                Finished(m.Outcome);
                break;
            case Flush:
                StoreEnded();
                break;
            case VideoProgressed m when _inFlight.TryGetValue(m.Index, out var known):
                // A video that loses what it had not stored and comes back to where it was makes no progress; only one that gets further does.
                _inFlight[m.Index] = known with { FramesDone = Math.Max(m.FramesDone, known.FramesDone), Frames = m.Frames, Seconds = m.Seconds, Stage = m.Stage };
                _tracker.Progressed(_inFlight[m.Index]);
                if (m.FramesDone > known.FramesDone)
                {
                    _trouble = TroubleTracker.None;
                }

                break;
            case VideoProgressed m when IsKnown(m.Index):
                Stand(m.Index); // A death may have come between a pause and telling the videos of it.
                break;
            case VideoTroubled m:
                Troubled(m);
                break;
            case VideoRested m:
                Rested(m.Index);
                break;
            case SlotMessages.SlotTotals m:
                Measured(m);
                Fill();
                break;
            case ReportWritten m:
                Reported(m);
                break;
            case Tick:
                _broker.Tell(new SlotMessages.GetSlotTotals(_state.Phase == RunPhase.Paused));
                _tracker.Tick(isWorking: _state.Phase == RunPhase.Running);
                _node.Instruments.Led(_run, _state.Spec is null || _state.IsCompleted ? null : new RunReading(_state.IsPaused, _state.Count(VideoStatus.Pending), _inFlight.Count));
                Ping();
                Reopen();
                SettleQuarantines();
                break;
            case GetRunProgress:
                Sender.Tell(Progress());
                break;
            case GetRunPace:
                Sender.Tell(_tracker.Report(_run, _inFlight.Values, _state.Count(VideoStatus.Completed), _state.VideoSeconds, _state.Count(VideoStatus.Pending)));
                break;
            case SaveSnapshotSuccess m:
                DeleteSnapshots(new SnapshotSelectionCriteria(m.Metadata.SequenceNr - SnapshotEvery - 1));
                break;
            case SaveSnapshotFailure m:
                _log.Warning("The snapshot of run {Run} could not be saved; recovery will take longer: {Cause}", _run, m.Cause.Message);
                break;
            case RunAccepted:
                _reopens = false;
                break;
            case EndRecorded or VideoProgressed or VideoFinished or DeleteSnapshotsSuccess or DeleteSnapshotsFailure:
                break;
            default:
                if (!OnOperator(message))
                {
                    Unhandled(message);
                }

                break;
        }
    }

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: DatasetRunState snapshot }:
                _state = snapshot;
                break;
            case RecoveryCompleted:
                LoadManifest();
                _reopens = _state is { Spec: not null, IsCompleted: false } && _state.Retries.AsSpan().ContainsAnyExcept((byte)0);
                break;
            case RunStarted or RunExtended or VideosFinished or RunPaused or RunResumed or RunCancelled or RunPriorityChanged or VideosRetried or RunCompleted:
                _state = _state.Apply(message);
                break;
        }
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        _node.Instruments.NotJournaled("run");
        _node.Report(new Fault(false, "journal", $"an event of run {_run} could not be stored: {cause.Message}", "Check space and permissions of the state folder, then run the same command again.", []));
        base.OnPersistFailure(cause, @event, sequenceNr);
    }

    private static long Now => DateTime.UtcNow.Ticks;

    private bool IsKnown(int index) => index < _state.Statuses.Length;

    private void Drive(RunSpec spec)
    {
        if (spec == _state.Spec)
        {
            CompleteIfDone(); // A death may have come between the last outcome and the end.
            AnnounceEnd();
            TellCatalog();
            return;
        }

        if (_state.Conflict(spec) is { } conflict)
        {
            _node.Report(conflict);
            return;
        }

        IReadOnlyList<FrozenManifest.Line> manifest;
        try
        {
            manifest = FrozenManifest.Read(_node.Data.Run(_run).Manifest, spec.ManifestHash);
        }
        catch (EnvironmentFaultException e)
        {
            _node.Report(Fault.Of(e, "manifest"));
            return;
        }

        if (_state.ProcessDrive(spec, [.. manifest.Select(l => l.Revision)], Now) is { } happened)
        {
            Persist(happened, e =>
            {
                Apply(e);
                _manifest = manifest;
                _next = 0;
                CompleteIfDone();
                Fill();
            });
        }
    }

    private void LoadManifest()
    {
        if (_state.Spec is { } spec)
        {
            _manifest = FrozenManifest.Read(_node.Data.Run(_run).Manifest, expectedHash: null);
            if (_manifest.Count < spec.Videos)
            {
                throw new EnvironmentFaultException("manifest", $"The manifest of run {_run} has {_manifest.Count} of {spec.Videos} lines.", "Restore the file.");
            }
        }
    }

    private void Finished(VideoOutcome outcome)
    {
        if (outcome.Revision != _state.Revision(outcome.Index) || _state.Status(outcome.Index) != VideoStatus.Pending)
        {
            _inFlight.Remove(outcome.Index);
            Acknowledge(outcome);
            return;
        }

        _trouble = TroubleTracker.None;
        _ended[outcome.Index] = outcome;
        // After the run's last video there is nothing to wait for.
        if (_ended.Count >= LargestBatch || (_ended.Count == _inFlight.Count && _ended.Count == _state.Count(VideoStatus.Pending)))
        {
            StoreEnded();
        }
        else if (!Timers.IsTimerActive(Flush.Instance))
        {
            Timers.StartSingleTimer(Flush.Instance, Flush.Instance, BatchDelay);
        }
    }

    private void StoreEnded()
    {
        if (_ended.Count == 0)
        {
            return;
        }

        ImmutableArray<VideoOutcome> batch = [.. _ended.Values.OrderBy(o => o.Index)];
        _ended.Clear();
        var began = Stopwatch.GetTimestamp();
        Persist(new VideosFinished(Now, batch), e =>
        {
            _node.Instruments.Journaled("run", began);
            Apply(e);
            foreach (var outcome in e.Outcomes)
            {
                PausePoint.Reach("recorded", _manifest[outcome.Index].Id);
                _inFlight.Remove(outcome.Index);
                _tracker.Ended(outcome.Index, outcome.Completed, outcome.DurationSeconds);
                Acknowledge(outcome);
            }

            SettleQuarantines();
            CompleteIfDone();
            Fill();
        });
    }

    private void CompleteIfDone()
    {
        if (!_state.IsCompleted && !_state.Statuses.AsSpan().Contains((byte)VideoStatus.Pending))
        {
            Persist(new RunCompleted(Now), e =>
            {
                Apply(e);
                AnnounceEnd();
            });
        }
    }

    private void AnnounceEnd()
    {
        if (!_state.IsCompleted || PredictionRun.IsName(_run))
        {
            return; // Whoever waits for a prediction removes its run: nobody reads a report of it, and no list has it.
        }

        if (_node.ReportsRuns && _reportedEnd != _state.EndedAt)
        {
            Report();
        }
        else
        {
            _catalog.Tell(new RunFinished(_run, _state.Digest)); // Comes again with every ping, and the catalogue pings until it has recorded the end.
        }
    }

    private void Measured(SlotMessages.SlotTotals totals)
    {
        _slots = Math.Max(1, totals.Slots);
        if (_inFlight.Count > 0 && totals.InUse > 0)
        {
            _workSince ??= DateTime.UtcNow;
        }

        // Nodes that come and go take their share with them: a reading that shrinks begins anew.
        _meterBefore = _meterBefore is null || totals.Meter.Frames < _meter.Frames ? totals.Meter : _meterBefore;
        _meter = totals.Meter;
    }

    /// <summary>The run ends for its catalogue only once the report is written, so that one which a death prevents is written after it.</summary>
    private void Report()
    {
        if (_reporting)
        {
            return;
        }

        _reporting = true;
        var end = _state.EndedAt;
        WriteReportAsync(end).PipeTo(Self, Self, success: _ => new ReportWritten(end, null), failure: e => new ReportWritten(end, e));
    }

    private Task<RunSummary> WriteReportAsync(long until)
    {
        var active = _workSince is { } since ? DateTime.UtcNow - since : TimeSpan.Zero;
        return new RunReporter(Context.System, _node).WriteAsync(_run, TimeSpan.FromTicks(until - _state.StartedAt), active, _meter.Since(_meterBefore ?? _meter));
    }

    private void Reported(ReportWritten m)
    {
        _reporting = false;
        if (m.Failure is null)
        {
            _reportedEnd = m.End; // A run that was opened again meanwhile has another end.
            AnnounceEnd();
        }
        else
        {
            _log.Warning("The report of run {Run} is tried again: {Fault}", _run, Fault.Of(m.Failure, "report"));
        }
    }

    private void Troubled(VideoTroubled m)
    {
        _trouble = _trouble.Failed(m.Fault, DateTime.UtcNow);
        if (!_state.IsPaused && _trouble.IsLasting(DateTime.UtcNow, _node.Settings.Timers.Patience))
        {
            Persist(new RunPaused(Now, m.Fault.ToString()), e =>
            {
                Apply(e);
                foreach (var index in _inFlight.Keys)
                {
                    Stand(index);
                }

                _inFlight.Clear();
                _next = 0;
                TellCatalog();
            });
        }
    }

    private void Fill()
    {
        if (_state.Phase != RunPhase.Running || _manifest.Count == 0)
        {
            return;
        }

        for (; _inFlight.Count < 2 * _slots && _next < _state.Statuses.Length; _next++)
        {
            if (_state.Status(_next) == VideoStatus.Pending && !_ended.ContainsKey(_next) && _inFlight.TryAdd(_next, new VideoProgress(_next, _manifest[_next].Id, 0, 0, 0, WaitingStages.Turn, Now)))
            {
                _tracker.Began(_next);
                Process(_next);
            }
        }
    }

    private void Ping()
    {
        foreach (var index in _inFlight.Keys)
        {
            if (_state.Phase == RunPhase.Running)
            {
                Process(index);
            }
            else
            {
                Stand(index);
            }
        }
    }

    private void Process(int index) => _videos.Tell(new VideoCommands.ProcessVideo(
        Key(index), _state.Spec!, _manifest[index].Id, _manifest[index].Uri, _manifest[index].Faces ?? "", _manifest[index].Length >= 0, _state.Priority));

    private void Acknowledge(VideoOutcome outcome) => _videos.Tell(new VideoCommands.OutcomeRecorded(new VideoKey(_run, outcome.Index, outcome.Revision)));

    private VideoKey Key(int index) => new(_run, index, _state.Revision(index));

    private void Apply(object happened)
    {
        var before = _state;
        _state = _state.Apply(happened);
        foreach (var (status, outcome) in Outcomes)
        {
            _node.Instruments.Ended(outcome, _state.Count(status) - before.Count(status));
        }

        if (LastSequenceNr % SnapshotEvery == 0)
        {
            SaveSnapshot(_state);
        }
    }

    private RunProgress Progress() => new(
        _run,
        _state.Statuses.Length,
        _state.Count(VideoStatus.Completed),
        _state.Count(VideoStatus.Quarantined),
        _state.Count(VideoStatus.Cancelled),
        _state.Frames,
        _state.VideoSeconds,
        _state.IsCompleted,
        _state.PausedReason,
        _trouble.Newest?.ToString() ?? "",
        [.. _inFlight.Values.Take(200)],
        _state.Phase,
        _state.Priority,
        _state.StartedAt,
        _state.EndedAt,
        _state.Spec?.PipelineName ?? "");

    private sealed record ReportWritten(long End, Exception? Failure) : INoSerializationVerificationNeeded;

    private sealed class Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }

    private sealed class Flush : INoSerializationVerificationNeeded
    {
        public static readonly Flush Instance = new();
    }
}
