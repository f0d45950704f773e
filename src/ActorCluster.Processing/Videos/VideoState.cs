using System.Collections.Immutable;
using ActorCluster.Processing.Serialization;
using static ActorCluster.Processing.Videos.VideoEvents;

namespace ActorCluster.Processing.Videos;

/// <summary>
/// Everything that is decided about a video, without an actor, a clock or a disk: <c>Process</c>-methods turn what happens into events,
/// <see cref="Apply"/> turns events into the next state. Also the snapshot that a finished video is reduced to.
/// </summary>
internal sealed partial record VideoState(
    VideoPhase Phase,
    VideoPlanned? Plan,
    ImmutableArray<UnitState> Units,
    ImmutableArray<int> EncodedChunks,
    bool AudioStored,
    int ChunksStarted,
    int ChunksReused,
    long FirstAt,
    long LastAt,
    VideoOutcome? Outcome,
    int Segments,
    ImmutableArray<UnitAttempt> Attempts) : IWireMessage
{
    /// <summary>A suspect that was alone in this many dying processes is poison.</summary>
    public const int DeathsAloneAllowed = 3;

    /// <summary>A unit that lost this many leases for want of progress is given up.</summary>
    public const int StallsAllowed = 3;

    /// <summary>A video of which nothing is stored.</summary>
    public static VideoState Empty { get; } = new(VideoPhase.New, null, [], [], false, 0, 0, 0, 0, null, 0, []);

    /// <summary>Whether the video has ended.</summary>
    public bool HasEnded => Phase is VideoPhase.Published or VideoPhase.Quarantined;

    /// <summary>The video's units of work; empty before the plan.</summary>
    public IReadOnlyList<WorkUnit> WorkUnits => Plan is null ? [] : WorkUnit.Of(Plan.Chunks, Plan.Sequential);

    /// <summary>Whether every chunk and the audio track are in the feature store.</summary>
    public bool IsEncoded => Plan is not null && AudioStored && EncodedChunks.Length == Plan.Chunks;

    /// <summary>What is known of a unit.</summary>
    public UnitState Unit(int index) => Find(index) is var at && at >= 0 ? Units[at] : new UnitState(index, 0, "", false, false, 0, 0);

    /// <summary>Whether a chunk's features are stored.</summary>
    public bool IsChunkEncoded(int chunk) => EncodedChunks.BinarySearch(chunk) >= 0;

    /// <summary>Whether all of a unit's results are stored.</summary>
    public bool IsDone(WorkUnit unit) =>
        (!unit.Audio || AudioStored) && Enumerable.Range(unit.FirstChunk, unit.ChunkCount).All(IsChunkEncoded);

    /// <summary>Units that nobody works on, in order.</summary>
    public IEnumerable<WorkUnit> Waiting => Phase == VideoPhase.Planned ? WorkUnits.Where(u => !Unit(u.Index).InFlight && !IsDone(u)) : [];

    /// <summary>How many slots the video could use now: for units that may have company in their process, and for suspects, which must be alone.</summary>
    public (int Free, int Suspects) Demand
    {
        get
        {
            var suspects = Waiting.Count(u => Unit(u.Index).Suspect);
            return (Waiting.Count() - suspects, suspects);
        }
    }

    /// <summary>A slot was granted: which unit to start, if any.</summary>
    public (WorkUnit Unit, ChunkStarted Event)? ProcessGrant(string node, bool alone, long at)
    {
        var unit = Waiting.FirstOrDefault(u => Unit(u.Index).Suspect == alone);
        return unit is null ? null : (unit, new ChunkStarted(at, unit.Index, Unit(unit.Index).Attempts + 1, node, alone));
    }

    /// <summary>Some results of a unit are durable.</summary>
    public IEnumerable<IVideoEvent> ProcessStored(int unit, int firstChunk, int chunkCount, bool audio, double seconds, bool reused, long at)
    {
        var news = (audio && !AudioStored) || Enumerable.Range(firstChunk, chunkCount).Any(c => !IsChunkEncoded(c));
        if (Phase == VideoPhase.Planned && news)
        {
            yield return new ChunkEncoded(at, unit, firstChunk, chunkCount, audio, seconds, reused);
        }
    }

    /// <summary>The first segments of the audio track are durable.</summary>
    public IEnumerable<IVideoEvent> ProcessAudioAdvanced(int unit, int segments, long at)
    {
        if (Phase == VideoPhase.Planned && segments > Segments && Unit(unit).InFlight)
        {
            yield return new SegmentsEncoded(at, unit, segments);
        }
    }

    /// <summary>A unit ended without a result and without a death.</summary>
    public IEnumerable<IVideoEvent> ProcessReleased(VideoKey key, int unit, string cause, bool stalled, long at, bool neverBegan = false)
    {
        if (Phase == VideoPhase.Planned && Unit(unit).InFlight)
        {
            yield return new ChunkReleased(at, unit, cause, stalled, neverBegan);
            if (stalled && Unit(unit).Stalls + 1 >= StallsAllowed)
            {
                yield return Quarantine(key, new Fault(true, "progress", $"{WorkUnits[unit]} made no progress in {StallsAllowed} attempts; the last: {cause}.", "", []), at);
            }
        }
    }

    /// <summary>Stored results of some chunks, or of the audio track, turned out to be missing or damaged.</summary>
    public IEnumerable<IVideoEvent> ProcessLost(ImmutableArray<int> chunks, bool audio, string cause, long at)
    {
        if (Phase is VideoPhase.Planned or VideoPhase.Publishing)
        {
            yield return new ChunksLost(at, chunks, audio, cause);
        }
    }

    /// <summary>After a recovery: units in flight in processes that no longer live are suspects, and one that died alone too often is poison.</summary>
    /// <param name="key">The video.</param>
    /// <param name="isAlive">Whether a process still lives.</param>
    /// <param name="at">Now, in UTC ticks.</param>
    public IEnumerable<IVideoEvent> ProcessDeaths(VideoKey key, Func<string, bool> isAlive, long at)
    {
        if (Phase != VideoPhase.Planned)
        {
            yield break;
        }

        foreach (var unit in Units.Where(u => u.InFlight && !isAlive(u.Node)))
        {
            yield return new ChunkSuspected(at, unit.Unit, unit.Node);
            if (unit.Alone && unit.DeathsAlone + 1 >= DeathsAloneAllowed)
            {
                yield return Quarantine(key, new Fault(true, "poison", $"{WorkUnits[unit.Unit]} was alone in {DeathsAloneAllowed} processes that died while working on it.", "", []), at);
                yield break;
            }
        }
    }

    /// <summary>Another version of what is computed took the video over: whether it must start again.</summary>
    public VideoRestarted? ProcessVersion(int version, long at) =>
        Plan is { } plan && !HasEnded && plan.NumericVersion != version ? new VideoRestarted(at, plan.NumericVersion, version) : null;

    /// <summary>The video ends with a fault of its own.</summary>
    public VideoQuarantined Quarantine(VideoKey key, Fault fault, long at) => new(at, Summary(key, at) with { Stage = fault.Stage, Cause = fault.Cause, ToolOutput = fault.ToolOutput });

    /// <summary>What is known of the video so far, in the form that it is reduced to when it ends.</summary>
    public VideoOutcome Summary(VideoKey key, long at) => new(
        key.Index, key.Revision, false, Plan?.Frames ?? 0, Plan?.DurationSeconds ?? 0, 0, [], WorkUnits.Sum(u => u.Chunks), ChunksStarted, ChunksReused,
        FirstAt == 0 ? 0 : TimeSpan.FromTicks(at - FirstAt).TotalSeconds, Plan?.ContentHash ?? "", [], "", "", [],
        Units.IsEmpty ? 0 : Units.Max(u => u.Attempts), Plan?.Warnings ?? []);

    /// <summary>What is kept of the video once it has ended: of its attempts no more than operators will ask for.</summary>
    public VideoState Reduced() => this with { Attempts = Attempts.Reduced() };

    /// <summary>The state after an event.</summary>
    public VideoState Apply(IVideoEvent happened)
    {
        var next = this with { FirstAt = FirstAt == 0 ? happened.At : FirstAt, LastAt = happened.At };
        switch (happened)
        {
            case VideoPlanned e:
                return next with { Phase = VideoPhase.Planned, Plan = e };
            case ChunkStarted e:
                return next.With(Unit(e.Unit) with { Attempts = e.Attempt, Node = e.Node, Alone = e.Alone }) with
                {
                    ChunksStarted = ChunksStarted + 1,
                    Attempts = Attempts.Begun(e.Unit, e.Attempt, e.Node, e.At),
                };
            case ChunkEncoded e:
                return next.Encoded(e);
            case SegmentsEncoded e:
                // As with chunks: a unit that gets further than the last process did is not what killed that process.
                return next.With(Unit(e.Unit) with { DeathsAlone = 0 }) with { Segments = e.Segments };
            case ChunkReleased e:
                return next.With(Unit(e.Unit) with { Node = "", Stalls = Unit(e.Unit).Stalls + (e.Stalled ? 1 : 0) }) with
                {
                    ChunksStarted = ChunksStarted - (e.NeverBegan ? 1 : 0),
                    Attempts = Attempts.Ended(e.Unit, e.At, AttemptEnd.Released, e.Cause),
                };
            case ChunkSuspected e:
                var died = Unit(e.Unit);
                return next.With(died with { Node = "", Suspect = true, DeathsAlone = died.DeathsAlone + (died.Alone ? 1 : 0) }) with
                {
                    Attempts = Attempts.Ended(e.Unit, e.At, AttemptEnd.Died),
                };
            case ChunksLost e:
                return next with { Phase = VideoPhase.Planned, EncodedChunks = EncodedChunks.RemoveRange(e.Chunks), AudioStored = AudioStored && !e.Audio, Segments = e.Audio ? 0 : Segments };
            case VideoRestarted:
                return Empty with { FirstAt = next.FirstAt, LastAt = next.LastAt };
            case PublishIntended:
                return next with { Phase = VideoPhase.Publishing };
            case VideoPublished e:
                return next with { Phase = VideoPhase.Published, Outcome = e.Outcome };
            case VideoQuarantined e:
                return next with { Phase = VideoPhase.Quarantined, Outcome = e.Outcome };
            default:
                throw new ArgumentException($"A video knows no event {happened.GetType().Name}.", nameof(happened));
        }
    }

    private VideoState Encoded(ChunkEncoded e)
    {
        var chunks = EncodedChunks.Union(Enumerable.Range(e.FirstChunk, e.ChunkCount)).Order().ToImmutableArray();
        var next = this with { EncodedChunks = chunks, AudioStored = AudioStored || e.Audio };
        var unit = next.WorkUnits[e.Unit];
        var done = next.IsDone(unit);
        if (done)
        {
            next = next.With(next.Unit(e.Unit) with { Node = "", Suspect = false });
        }

        next = next with { Attempts = Attempts.Ended(e.Unit, e.At, done ? AttemptEnd.Encoded : AttemptEnd.Running) };

        // A sequential unit that gets further than the last process did is not what killed that process.
        next = done ? next : next.With(next.Unit(e.Unit) with { DeathsAlone = 0 });
        if (e.Reused)
        {
            // Results that an attempt of this video had stored before it died are that attempt's, not another run's.
            var others = Unit(e.Unit).Attempts == 0;
            return next with { ChunksReused = ChunksReused + (!others ? 0 : unit.ChunkCount > 1 ? e.ChunkCount : done ? 1 : 0) };
        }

        return done ? next : next with { ChunksStarted = ChunksStarted + 1 };
    }

    private VideoState With(UnitState unit) => this with { Units = Find(unit.Unit) is var at && at >= 0 ? Units.SetItem(at, unit) : Units.Insert(~at, unit) };

    private int Find(int unit)
    {
        int low = 0, high = Units.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (Units[middle].Unit == unit)
            {
                return middle;
            }

            (low, high) = Units[middle].Unit < unit ? (middle + 1, high) : (low, middle - 1);
        }

        return ~low;
    }
}
