using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Videos;

namespace ActorCluster.Processing.Reporting;

/// <summary>A run as its journal has it, kept so that the next question reads no more than what is new. Not for two threads at once.</summary>
internal sealed class RunView
{
    private readonly Dictionary<int, VideoOutcome> _outcomes = [];
    private readonly List<VideoOutcome> _ended = [];
    private readonly OutcomeTally _tally = new();
    private readonly HappeningLog _log = new();
    private DatasetRunState _state = DatasetRunState.Empty;

    /// <summary>What is stored of the run.</summary>
    public DatasetRunState State
    {
        get
        {
            ApplyEnded();
            return _state;
        }
    }

    /// <summary>The last event that was taken.</summary>
    public long SequenceNr { get; private set; }

    /// <summary>The videos as registered.</summary>
    public IReadOnlyList<FrozenManifest.Line> Manifest { get; private set; } = [];

    /// <summary>What the videos that have ended come to.</summary>
    public RunTotals Totals => _tally.Totals;

    /// <summary>Takes an event.</summary>
    public void Take(object happened, long sequenceNr)
    {
        SequenceNr = sequenceNr;
        _log.Take(happened);
        if (happened is not RunEvents.VideosFinished finished)
        {
            _state = State.Apply(happened);
            foreach (var index in Reopened(happened))
            {
                Forget(index);
            }

            return;
        }

        foreach (var o in finished.Outcomes)
        {
            // A hundred thousand of them are held: without what nothing shows of many videos at once.
            var kept = o with { ContentHash = "", Files = [], ToolOutput = [], Warnings = [] };
            Forget(o.Index);
            _outcomes[o.Index] = kept;
            _tally.Add(kept);
            _ended.Add(kept);
        }
    }

    /// <summary>Reads the manifest again if the run has another one by now.</summary>
    /// <param name="file">The manifest.</param>
    public void Refresh(string file)
    {
        if (State.Spec is { } spec && Manifest.Count < spec.Videos)
        {
            Manifest = FrozenManifest.Read(file, expectedHash: null);
        }
    }

    /// <summary>How a video ended; null as long as it has not, under its present revision.</summary>
    public VideoOutcome? OutcomeOf(int index) => _outcomes.GetValueOrDefault(index);

    /// <summary>What has happened since somebody asked last.</summary>
    /// <param name="after">How much the asker knows of; null for what comes from now on.</param>
    public RunHappenings Since(long? after) => _log.Since(after, Manifest);

    /// <summary>The line of a video.</summary>
    /// <param name="id">Its id.</param>
    /// <returns>The 0-based line, -1 where there is none.</returns>
    public int IndexOf(string id)
    {
        for (var i = 0; i < Math.Min(Manifest.Count, State.Statuses.Length); i++)
        {
            if (Manifest[i].Id == id)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Videos that an event has done anew.</summary>
    private static IEnumerable<int> Reopened(object happened) => happened switch
    {
        RunEvents.RunExtended e => e.Changed.Select(c => c.Index),
        RunEvents.VideosRetried e => e.Videos,
        _ => [],
    };

    private void Forget(int index)
    {
        if (_outcomes.Remove(index, out var before))
        {
            _tally.Remove(before);
        }
    }

    /// <summary>Many ends in one: each event alone makes a new array of all videos' statuses.</summary>
    private void ApplyEnded()
    {
        if (_ended.Count > 0)
        {
            _state = _state.Apply(new RunEvents.VideosFinished(0, [.. _ended]));
            _ended.Clear();
        }
    }
}
