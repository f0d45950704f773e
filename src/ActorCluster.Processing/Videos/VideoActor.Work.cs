using System.Diagnostics;
using ActorCluster.Core.Voting;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Inference;
using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Slots;
using ActorCluster.Processing.Telemetry;
using ActorCluster.Processing.Voting;
using Akka.Actor;
using Akka.Event;
using static ActorCluster.Processing.Videos.VideoCommands;
using static ActorCluster.Processing.Videos.VideoEvents;

namespace ActorCluster.Processing.Videos;

/// <summary>The leased work of a video, and the windows that become votes.</summary>
internal sealed partial class VideoActor
{
    private const string StandDownReason = "the run was paused or cancelled";
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AdoptWithin = TimeSpan.FromSeconds(15);

    private readonly Dictionary<string, (int Unit, string NodePath)> _leases = [];
    private readonly Dictionary<int, int> _framesInFlight = [];
    private readonly Dictionary<int, string> _traces = [];
    private (int FirstWindow, DateTime At)? _asked;
    private DateTime _plannedAt;
    private bool _standingDown;
    private bool _held;
    private bool _suspectsWaited;

    private int FramesDone => _plan is null
        ? _counted?.DecidedFrames ?? 0
        : Math.Min(_plan.Info.Timeline.Count, _state.WorkUnits.Sum(u => Math.Max(EncodedFrames(u), _framesInFlight.GetValueOrDefault(u.Index))));

    /// <summary>
    /// Nodes that work for this video and have left the cluster. The broker tells, unless it died with them: its successor knows of living nodes only. Units
    /// of an earlier life of this actor count, too: nobody on such a node will show himself any more.
    /// </summary>
    private HashSet<string> Dead => [.. _state.Units.Where(u => u.InFlight && _node.Liveness(u.Node) == NodeLiveness.Gone).Select(u => u.Node)];

    /// <summary>
    /// Units that were stored as started before this actor recovered and whose worker has not shown itself since: its process has died, it never began,
    /// or it ended unheard.
    /// </summary>
    private List<UnitState> Unheard => DateTime.UtcNow - _plannedAt < AdoptWithin ? [] : [.. _state.Units.Where(u => u.InFlight && !HasLease(u.Unit))];

    private bool OnWork(object message)
    {
        switch (message)
        {
            case SlotsGranted m:
                Granted(m);
                return true;
            case WorkProgressed m when _state.Unit(m.Unit).InFlight:
                Adopt(m, Sender);
                _framesInFlight[m.Unit] = m.Frames;
                Tell(m.Stage);
                return true;
            case WorkProgressed:
                return true;
            case WorkStored m:
                Stored(m, Sender);
                return true;
            case AudioAdvanced m:
                Store(_state.ProcessAudioAdvanced(m.Unit, m.Segments, Now), () => Tell("audio"));
                return true;
            case WorkFailed m:
                Released(m.Lease, m.Unit, m.Fault.ToString(), stalled: false, neverBegan: false, Sender, then: () => Failed(m.Fault));
                return true;
            case WorkInterrupted m:
                Released(m.Lease, m.Unit, m.Reason, stalled: false, m.NeverBegan, Sender, then: Advance);
                return true;
            case LeaseLost m when _leases.TryGetValue(m.Lease, out var lease):
                Lost(m, lease.Unit);
                return true;
            case LeaseLost:
                return true;
            case WindowsClassified m:
                Classified(m);
                return true;
            case ClassificationFailed m:
                _asked = null;
                ClassificationBroke(m);
                return true;
            case StandDown:
                if (!_standingDown)
                {
                    _standingDown = true;
                    Request((0, 0));
                    RevokeAll(StandDownReason);
                }

                Advance();
                return true;
            case HoldVideo:
                if (!_held)
                {
                    _held = true;
                    Request((0, 0));
                }

                Advance();
                return true;
            default:
                return false;
        }
    }

    /// <summary>A worker of an earlier life of this actor goes on for this one.</summary>
    private void Adopt(WorkProgressed m, IActorRef worker)
    {
        if (!HasLease(m.Unit))
        {
            _leases[m.Lease] = (m.Unit, worker.Path.Parent.ToSerializationFormat());
            if (_standingDown)
            {
                Resolve(_leases[m.Lease].NodePath).Tell(new SlotMessages.RevokeLease(m.Lease, StandDownReason));
            }
        }
    }

    private void Bury(HashSet<string> dead)
    {
        foreach (var lease in _leases.Where(l => dead.Contains(_state.Unit(l.Value.Unit).Node)).Select(l => l.Key).ToList())
        {
            _leases.Remove(lease);
        }

        Store(_state.ProcessDeaths(_key, node => !dead.Contains(node), Now), Advance);
    }

    private void ForgetUnheard(List<UnitState> unheard)
    {
        var deaths = _state.ProcessDeaths(_key, node => _node.Liveness(node) == NodeLiveness.Alive || unheard.TrueForAll(u => u.Node != node), Now).ToList();
        var state = deaths.Aggregate(_state, (s, e) => s.Apply(e));
        Store([.. deaths, .. unheard.SelectMany(u => state.ProcessReleased(_key, u.Unit, "its worker did not show itself", stalled: false, Now, neverBegan: true))], Advance);
    }

    private bool HasLease(int unit) => _leases.Values.Any(l => l.Unit == unit);

    private void RequestSlots()
    {
        var demand = _state.Demand;
        Request(demand);
        if (demand != (0, 0) && _leases.Count == 0)
        {
            Tell(WaitingStages.Slot);
        }
    }

    private void Request((int Free, int Suspects) demand)
    {
        var priority = _order?.Priority ?? 0;
        _broker.Tell(new SlotMessages.RequestSlots(_key, priority, demand.Free, Alone: false, Requester: ""));
        if (demand.Suspects > 0 || _suspectsWaited)
        {
            _broker.Tell(new SlotMessages.RequestSlots(_key, priority, demand.Suspects, Alone: true, Requester: ""));
        }

        _suspectsWaited = demand.Suspects > 0;
    }

    private void Granted(SlotsGranted grant)
    {
        var usable = _order is not null && _plan is not null && !_standingDown && !_held && !Timers.IsTimerActive(BackOff.Instance);
        var (state, starts) = (_state, new List<(string Lease, WorkUnit Unit, ChunkStarted Event, Activity? Span)>());
        foreach (var lease in grant.Leases)
        {
            if (usable && state.ProcessGrant(grant.Node, grant.Alone, Now) is { } start)
            {
                starts.Add((lease, start.Unit, start.Event, BeginTrace(start.Event)));
                state = state.Apply(start.Event);
            }
            else
            {
                _broker.Tell(new SlotMessages.ReturnLease(lease));
            }
        }

        Store(starts.Select(s => s.Event), () =>
        {
            foreach (var (lease, unit, started, span) in starts)
            {
                _leases[lease] = (unit.Index, grant.NodePath);
                var done = Enumerable.Range(unit.FirstChunk, unit.ChunkCount).Where(_state.IsChunkEncoded);
                Resolve(grant.NodePath).Tell(new SlotMessages.StartUnit(
                    lease, _key, _order!.Run, _order.Id, unit, started.Attempt, grant.Alone, _plan!.PlanHash, [.. done], unit.Audio && _state.AudioStored, _state.Segments, _order.Faces,
                    grant.Decoder, span?.Id ?? ""));
                span?.Dispose();
            }
        });
    }

    private void Stored(WorkStored m, IActorRef reporter)
    {
        _failures = 0;
        Store(_state.ProcessStored(m.Unit, m.FirstChunk, m.ChunkCount, m.Audio, m.Seconds, reused: false, Now), () =>
        {
            reporter.Tell(new VideoReplies.WorkRecorded(m.Lease, m.FirstChunk));
            _framesInFlight.Remove(m.Unit);
            foreach (var chunk in Enumerable.Range(m.FirstChunk, string.IsNullOrEmpty(m.Trace) ? 0 : m.ChunkCount))
            {
                _traces[chunk] = m.Trace;
            }

            if (_state.Plan is not null && _state.IsDone(_state.WorkUnits[m.Unit]))
            {
                _leases.Remove(m.Lease);
            }

            Tell("encoded");
            Advance();
        });
    }

    private void Released(string lease, int unit, string cause, bool stalled, bool neverBegan, IActorRef reporter, Action then)
    {
        var recorded = new VideoReplies.WorkRecorded(lease, VideoReplies.WorkRecorded.End);
        if (!_leases.ContainsKey(lease) && HasLease(unit))
        {
            reporter.Tell(recorded); // Late news of a lease that was taken back; it must not end the one that has taken its place.
            return;
        }

        Store(_state.ProcessReleased(_key, unit, cause, stalled, Now, neverBegan), () =>
        {
            reporter.Tell(recorded);
            _framesInFlight.Remove(unit);
            _leases.Remove(lease);
            then();
        });
    }

    private void Lost(LeaseLost m, int unit)
    {
        var node = _state.Unit(unit).Node;
        if (m.NodeLost && node.Length > 0 && _node.Liveness(node) != NodeLiveness.Alive)
        {
            Bury([node]);
        }
        else
        {
            Released(m.Lease, unit, m.Reason, m.Stalled, neverBegan: m is { Stalled: false, NodeLost: false }, ActorRefs.Nobody, Advance);
        }
    }

    /// <summary>Asks for the next windows once all their frames are encoded; one question at a time, in window order.</summary>
    private void Classify()
    {
        if (_counted is not { IsComplete: false } counted || (_asked is { } asked && DateTime.UtcNow - asked.At < AnswerWithin))
        {
            return;
        }

        if (_plan!.Pipeline.Fusion is not null && !_state.AudioStored)
        {
            return; // A frame's voice reaches across the borders of chunks and segments.
        }

        var next = counted.NextWindow;
        var start = _plan.Windows[next].Start;
        var chunk = ChunkOf(start);
        var end = start;
        while (chunk < _plan.ChunkEnds.Length && _state.IsChunkEncoded(chunk))
        {
            end = _plan.ChunkEnds[chunk++];
        }

        var ready = end > start ? _plan.Windows.WindowsWithin(start, end) : default;
        var count = Math.Min(ready.End - next, Math.Max(1, WindowClassifier.LargestAnswer / _plan.Pipeline.Windows.Length));
        if (count > 0)
        {
            _asked = (next, DateTime.UtcNow);
            _broker.Tell(new SlotMessages.ClassifyWindows(_key, _order!.Run, _order.Id, _plan.PlanHash, next, count, TracesOf(next, count)));
        }
    }

    /// <summary>Begins the trace of a unit of work. It ends when the start is stored: what follows hangs below it, wherever it is done.</summary>
    private Activity? BeginTrace(ChunkStarted start) => ChunkSpans.Begin("chunk")?
        .SetTag("actorcluster.run", _key.Run).SetTag("actorcluster.video", _order!.Id).SetTag("actorcluster.unit", start.Unit).SetTag("actorcluster.attempt", start.Attempt);

    /// <summary>The spans of the chunks that some windows lie in, with spaces between.</summary>
    private string TracesOf(int window, int count)
    {
        if (_traces.Count == 0)
        {
            return "";
        }

        var (first, last) = (ChunkOf(_plan!.Windows[window].Start), ChunkOf(_plan.Windows[window + count - 1].End - 1));
        return SharedSpans.Join(Enumerable.Range(first, last - first + 1).Select(c => _traces.GetValueOrDefault(c)).OfType<string>().Distinct());
    }

    private void Classified(WindowsClassified m) =>
        _voting?.Tell(new VotingMessages.CountVotes(new WindowVotes(m.FirstWindow, m.WindowCount, HalfBytes.ToHalves(m.Probabilities), HalfBytes.ToFlags(m.Flags)), m.Traces));

    private void ClassificationBroke(ClassificationFailed m)
    {
        if (m.DamagedChunks.IsEmpty && !m.DamagedAudio)
        {
            Troubled(m.Fault);
        }
        else
        {
            _log.Warning("Run {Run}, video {Video}: {Cause} It is done again.", _key.Run, Words, m.Fault.Cause);
            Store(_state.ProcessLost(m.DamagedChunks, m.DamagedAudio, m.Fault.Cause, Now), Advance);
        }
    }

    private void RevokeAll(string reason)
    {
        foreach (var (lease, (_, path)) in _leases)
        {
            Resolve(path).Tell(new SlotMessages.RevokeLease(lease, reason));
        }
    }

    private int EncodedFrames(WorkUnit unit) => Enumerable.Range(unit.FirstChunk, unit.ChunkCount).Where(_state.IsChunkEncoded).Sum(FramesOf);

    private int FramesOf(int chunk) => _plan!.ChunkEnds[chunk] - (chunk == 0 ? 0 : _plan.ChunkEnds[chunk - 1]);

    private int ChunkOf(int frame)
    {
        var at = _plan!.ChunkEnds.AsSpan().BinarySearch(frame + 1);
        return at >= 0 ? at : ~at;
    }

    private static IActorRef Resolve(string path) => ((ExtendedActorSystem)Context.System).Provider.ResolveActorRef(path);
}
