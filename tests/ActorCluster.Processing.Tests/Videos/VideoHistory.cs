using ActorCluster.Processing.Videos;
using static ActorCluster.Processing.Videos.VideoEvents;

namespace ActorCluster.Processing.Tests.Videos;

/// <summary>
/// One video's life as its actor drives it: every decision is asked of the state, every event is kept, and a second, naive account of what happened is
/// written beside it.
/// </summary>
internal sealed class VideoHistory
{
    public static readonly VideoKey Key = new("run", 3, 1);

    private readonly List<IVideoEvent> _events = [];
    private readonly Dictionary<int, string> _workers = [];
    private readonly Dictionary<int, int> _deathsAlone = [];
    private readonly Dictionary<int, int> _stalls = [];
    private readonly Dictionary<string, int> _starts = [];
    private readonly HashSet<int> _attempted = [];
    private readonly HashSet<int> _alone = [];
    private int _reused;
    private long _clock = 1_000;

    public VideoHistory(int chunks, bool sequential)
    {
        Units = WorkUnit.Of(chunks, sequential);
        Happen(new VideoPlanned(_clock, "plan", "content", chunks * 10, chunks, chunks, sequential, 1, []));
    }

    public VideoState State { get; private set; } = VideoState.Empty;

    public IReadOnlyList<IVideoEvent> Events => _events;

    public IReadOnlyList<WorkUnit> Units { get; }

    /// <summary>Units by the node that works on them, as the naive account has it.</summary>
    public IReadOnlyDictionary<int, string> Workers => _workers;

    public IReadOnlyDictionary<int, int> DeathsAlone => _deathsAlone;

    public IReadOnlyDictionary<int, int> Stalls => _stalls;

    public HashSet<int> Suspects { get; } = [];

    /// <summary>Starts of chunks and of the audio pass, as the naive account has it.</summary>
    public int Started => _starts.Values.Sum();

    public int Redone => _starts.Values.Sum(starts => starts - 1);

    public int Reused => _reused;

    /// <summary>A grant; gives the unit that was started, if any.</summary>
    public WorkUnit? Grant(string node, bool alone)
    {
        if (State.ProcessGrant(node, alone, Tick()) is not { } start)
        {
            return null;
        }

        Assert.False(_workers.ContainsKey(start.Unit.Index), $"{start.Unit} is in flight twice.");
        Assert.False(State.IsDone(start.Unit), $"{start.Unit} is done and was granted.");
        Assert.Equal(alone, Suspects.Contains(start.Unit.Index));
        _workers[start.Unit.Index] = node;
        _attempted.Add(start.Unit.Index);
        _ = alone ? _alone.Add(start.Unit.Index) : _alone.Remove(start.Unit.Index);
        CountStart(start.Unit);
        Happen(start.Event);
        return start.Unit;
    }

    /// <summary>The unit's next result is reported, and once more if the report is repeated.</summary>
    public void Store(int unit, bool twice)
    {
        var (first, count, audio) = NextResult(Units[unit]);
        Report(unit, first, count, audio, reused: false);
        if (twice)
        {
            var events = _events.Count;
            Report(unit, first, count, audio, reused: false);
            Assert.Equal(events, _events.Count);
        }

        if (State.IsDone(Units[unit]))
        {
            _workers.Remove(unit);
            Suspects.Remove(unit);
        }
        else
        {
            CountStart(Units[unit]);
            _deathsAlone[unit] = 0; // It has come further than where those processes died.
        }
    }

    /// <summary>After a restart the unit's next result is found in the store: an earlier run's, or that of an attempt that died before it could report.</summary>
    public void Find(int unit)
    {
        var others = !_attempted.Contains(unit);
        var (first, count, audio) = NextResult(Units[unit]);
        Report(unit, first, count, audio, reused: true);
        _reused += others ? 1 : 0;
        if (State.IsDone(Units[unit]))
        {
            Suspects.Remove(unit);
        }
        else
        {
            _deathsAlone[unit] = 0; // Whoever stored it, the unit goes on behind it.
        }
    }

    public void Release(int unit, bool stalled)
    {
        _workers.Remove(unit);
        _stalls[unit] = _stalls.GetValueOrDefault(unit) + (stalled ? 1 : 0);
        HappenAll(State.ProcessReleased(Key, unit, "quiet", stalled, Tick()));
    }

    /// <summary>A process dies with everything in flight there.</summary>
    public void Die(string node)
    {
        foreach (var (unit, _) in _workers.Where(w => w.Value == node).OrderBy(w => w.Key).ToList())
        {
            _workers.Remove(unit);
            Suspects.Add(unit);
            _deathsAlone[unit] = _deathsAlone.GetValueOrDefault(unit) + (_alone.Contains(unit) ? 1 : 0);
        }

        HappenAll(State.ProcessDeaths(Key, n => n != node, Tick()));
    }

    public void Happen(IVideoEvent happened)
    {
        _events.Add(happened);
        State = State.Apply(happened);
    }

    private void HappenAll(IEnumerable<IVideoEvent> events) => events.ToList().ForEach(Happen);

    private void Report(int unit, int first, int count, bool audio, bool reused) =>
        HappenAll(State.ProcessStored(unit, first, count, audio, 0.5, reused, Tick()));

    private (int First, int Count, bool Audio) NextResult(WorkUnit unit) => unit.ChunkCount switch
    {
        0 => (-1, 0, true),
        1 => (unit.FirstChunk, 1, unit.Audio),
        _ => (Missing(unit), 1, false),
    };

    private int Missing(WorkUnit unit) => Enumerable.Range(unit.FirstChunk, unit.ChunkCount).First(c => !State.IsChunkEncoded(c));

    private void CountStart(WorkUnit unit)
    {
        var what = unit.ChunkCount > 1 ? $"chunk {Missing(unit)}" : unit.ToString();
        _starts[what] = _starts.GetValueOrDefault(what) + 1;
    }

    private long Tick() => ++_clock;
}
