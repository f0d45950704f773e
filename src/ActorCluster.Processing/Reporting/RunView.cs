using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Videos;

namespace ActorCluster.Processing.Reporting;

/// <summary>A run as its journal has it, kept so that the next question reads no more than what is new. Not for two threads at once.</summary>
internal sealed class RunView
{
    private readonly Dictionary<int, VideoOutcome> _outcomes = [];

    private readonly List<VideoOutcome> _ended = [];
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

    /// <summary>Takes an event.</summary>
    public void Take(object happened, long sequenceNr)
    {
        SequenceNr = sequenceNr;
        if (happened is not RunEvents.VideosFinished finished)
        {
            _state = State.Apply(happened);
            return;
        }

        _ended.AddRange(finished.Outcomes);
        foreach (var o in finished.Outcomes)
        {
            // A hundred thousand of them are held: without what no list shows.
            _outcomes[o.Index] = o with { LabelTotals = [], ContentHash = "", Files = [], ToolOutput = [], Warnings = [] };
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
    public VideoOutcome? OutcomeOf(int index) => State.Status(index) is VideoStatus.Completed or VideoStatus.Quarantined ? _outcomes.GetValueOrDefault(index) : null;

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
