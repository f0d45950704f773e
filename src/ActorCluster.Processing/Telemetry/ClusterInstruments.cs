using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using ActorCluster.Processing.Videos;
using static ActorCluster.Processing.Videos.VideoEvents;

namespace ActorCluster.Processing.Telemetry;

/// <summary>
/// What one node counts and measures. Names, units and labels are a contract with dashboards and alerts, and stand in <c>docs/metrics.md</c>. Labels have few
/// values, known beforehand: never a video, a file, or a cause in words. Where nobody listens, each call costs a comparison.
/// </summary>
internal sealed class ClusterInstruments : IDisposable
{
    private const string Prefix = "actorcluster.";
    private const string Outcome = "outcome";
    private const string Stage = "stage";
    private const string Source = "source";
    private const string Reason = "reason";
    private const string Writer = "writer";
    private const string Other = "other";

    /// <summary>The stages at which a video's own fault can be met; another one counts as <c>other</c>.</summary>
    private static readonly HashSet<string> Stages = ["probe", "audio", "decode", "faces", "image", "progress", "poison", "operator"];

    private readonly Meter _meter = new(TelemetrySource.Name, typeof(ClusterInstruments).Assembly.GetName().Version?.ToString(3));
    private readonly ConcurrentDictionary<string, RunReading> _runs = new(StringComparer.Ordinal);
    private readonly Counter<long> _videosEnded;
    private readonly Counter<long> _videosQuarantined;
    private readonly Counter<long> _chunksStarted;
    private readonly Counter<long> _chunksRedone;
    private readonly Counter<long> _chunksEncoded;
    private readonly Counter<long> _chunksReleased;
    private readonly Counter<long> _chunksSuspected;
    private readonly Counter<long> _framesPublished;
    private readonly Histogram<double> _journalWrites;
    private readonly Counter<long> _journalFailures;
    private readonly Histogram<double> _passes;
    private readonly Histogram<double> _batchFill;

    public ClusterInstruments()
    {
        _videosEnded = Count("videos.ended", "{video}", "Videos that have ended.");
        _videosQuarantined = Count("videos.quarantined", "{video}", "Videos that were quarantined, by the stage that met their fault.");
        _chunksStarted = Count("chunks.started", "{chunk}", "Units of work that were stored as started.");
        _chunksRedone = Count("chunks.redone", "{chunk}", "Of these, units that had been started before.");
        _chunksEncoded = Count("chunks.encoded", "{chunk}", "Results of chunks that were stored as durable.");
        _chunksReleased = Count("chunks.released", "{chunk}", "Units of work that ended without a result and without a death.");
        _chunksSuspected = Count("chunks.suspected", "{chunk}", "Units of work that were in flight in a process that died.");
        FramesDecoded = Count("frames.decoded", "{frame}", "Frames that this node has decoded, for itself or for another.");
        FramesEncoded = Count("frames.encoded", "{frame}", "Frames of chunks whose features this node has stored.");
        _framesPublished = Count("frames.published", "{frame}", "Frames whose predictions were published.");
        StoreWaits = Count("store.waits", "{write}", "Writes of features that found the store away, and waited.");
        _journalFailures = Count("journal.write.failures", "{write}", "Events that the journal did not take.");
        _journalWrites = Seconds("journal.write.duration", "From handing events to the journal to their being durable.", [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10]);
        DecodeDuration = Seconds("decode.duration", "Decoding one unit of work, waits for the device included.", [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500]);
        _passes = Seconds("encode.duration", "One forward pass of an encoder with what goes in and comes out.", [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]);
        FuseDuration = Seconds("fuse.duration", "Reading features and classifying some consecutive windows.", [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]);
        StoreDuration = Seconds("store.duration", "Writing one file of features durably.", [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]);
        _batchFill = _meter.CreateHistogram(
            Prefix + "batch.fill", "1", "The share of a batch's places that held something.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1] });
        BeginAtZero();
        Gauge("runs", "{run}", "Runs that have not ended and are led on this node, by phase.", RunsByPhase);
        Gauge("videos.waiting", "{video}", "Videos that have not ended, of runs that are led on this node and not paused.", () => _runs.Values.Where(r => !r.IsPaused).Sum(r => (long)r.Waiting));
        Gauge("videos.active", "{video}", "Videos in work, of runs that are led on this node.", () => _runs.Values.Sum(r => (long)r.Active));
    }


    /// <summary>Frames decoded here.</summary>
    public Counter<long> FramesDecoded { get; }

    /// <summary>Frames whose features were stored here.</summary>
    public Counter<long> FramesEncoded { get; }

    /// <summary>Writes that wait for the store.</summary>
    public Counter<long> StoreWaits { get; }

    /// <summary>How long units of work were decoded.</summary>
    public Histogram<double> DecodeDuration { get; }

    /// <summary>How long windows were classified.</summary>
    public Histogram<double> FuseDuration { get; }

    /// <summary>How long features were written.</summary>
    public Histogram<double> StoreDuration { get; }

    /// <summary>Adds a gauge that is looked at when someone asks.</summary>
    /// <param name="name">Its name behind <c>actorcluster.</c>.</param>
    /// <param name="unit">Its unit.</param>
    /// <param name="description">What it shows.</param>
    /// <param name="value">What it is now. Thread-safe and quick.</param>
    public void Gauge(string name, string unit, string description, Func<long> value) => _meter.CreateObservableGauge(Prefix + name, value, unit, description);

    /// <summary>The same for several values with labels.</summary>
    public void Gauge(string name, string unit, string description, Func<IEnumerable<Measurement<long>>> values) => _meter.CreateObservableGauge(Prefix + name, values, unit, description);

    /// <summary>Adds a sum of seconds, with labels, that is looked at when someone asks.</summary>
    public void Sum(string name, string description, Func<IEnumerable<Measurement<double>>> values) => _meter.CreateObservableCounter(Prefix + name, values, "s", description);

    /// <summary>A video has stored an event.</summary>
    public void Happened(IVideoEvent happened)
    {
        switch (happened)
        {
            case ChunkStarted e:
                _chunksStarted.Add(1);
                if (e.Attempt > 1)
                {
                    _chunksRedone.Add(1);
                }

                break;
            case ChunkEncoded e:
                _chunksEncoded.Add(e.ChunkCount, new KeyValuePair<string, object?>(Source, e.Reused ? "reused" : "computed"));
                break;
            case ChunkReleased e:
                _chunksReleased.Add(1, new KeyValuePair<string, object?>(Reason, e.Stalled ? "stalled" : Other));
                break;
            case ChunkSuspected:
                _chunksSuspected.Add(1);
                break;
            case VideoPublished e:
                _framesPublished.Add(e.Outcome.Frames);
                break;
            case VideoQuarantined e:
                _videosQuarantined.Add(1, new KeyValuePair<string, object?>(Stage, Stages.Contains(e.Outcome.Stage) ? e.Outcome.Stage : Other));
                break;
        }
    }

    /// <summary>A run has stored that videos ended.</summary>
    /// <param name="outcome">How, in one word.</param>
    /// <param name="videos">How many; none and fewer than none do not count.</param>
    public void Ended(string outcome, int videos)
    {
        if (videos > 0)
        {
            _videosEnded.Add(videos, new KeyValuePair<string, object?>(Outcome, outcome));
        }
    }

    /// <summary>The journal has taken events.</summary>
    /// <param name="writer">Whose, in one word.</param>
    /// <param name="began">When they were handed over, as <see cref="Stopwatch.GetTimestamp"/> says it.</param>
    public void Journaled(string writer, long began) => _journalWrites.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, new KeyValuePair<string, object?>(Writer, writer));

    /// <summary>The journal has not taken an event.</summary>
    public void NotJournaled(string writer) => _journalFailures.Add(1, new KeyValuePair<string, object?>(Writer, writer));

    /// <summary>An encoder has run a batch.</summary>
    /// <param name="encoder">Which, in one word.</param>
    /// <param name="device">On which device.</param>
    /// <param name="duration">How long it took.</param>
    /// <param name="rows">Places that held something.</param>
    /// <param name="batch">All places.</param>
    public void Ran(string encoder, string device, TimeSpan duration, int rows, int batch)
    {
        var labels = new TagList { { "encoder", encoder }, { "device", device } };
        _passes.Record(duration.TotalSeconds, labels);
        _batchFill.Record((double)rows / batch, labels);
    }

    /// <summary>How a run stands that is led here.</summary>
    /// <param name="run">Its name, which is no label.</param>
    /// <param name="reading">How it stands; null when it has ended or is led elsewhere.</param>
    public void Led(string run, RunReading? reading)
    {
        if (reading is { } now)
        {
            _runs[run] = now;
        }
        else
        {
            _runs.TryRemove(run, out _);
        }
    }

    /// <summary>Whether an instrument is one of these, and not another node's in the same process.</summary>
    public bool Owns(Instrument instrument) => instrument.Meter == _meter;

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    /// <summary>A counter that is not there before it counts hides its first step from whoever asks for a rate.</summary>
    private void BeginAtZero()
    {
        foreach (var counter in new[] { _chunksStarted, _chunksRedone, _chunksSuspected, FramesDecoded, FramesEncoded, _framesPublished, StoreWaits })
        {
            counter.Add(0);
        }

        foreach (var (counter, label, values) in new (Counter<long>, string, IEnumerable<string>)[]
        {
            (_videosEnded, Outcome, ["completed", "quarantined", "cancelled"]),
            (_videosQuarantined, Stage, [.. Stages, Other]),
            (_chunksEncoded, Source, ["computed", "reused"]),
            (_chunksReleased, Reason, ["stalled", Other]),
            (_journalFailures, Writer, ["video", "run", "votes"]),
        })
        {
            foreach (var value in values)
            {
                counter.Add(0, new KeyValuePair<string, object?>(label, value));
            }
        }
    }

    private IEnumerable<Measurement<long>> RunsByPhase()
    {
        var paused = _runs.Values.Count(r => r.IsPaused);
        yield return new Measurement<long>(_runs.Count - paused, new KeyValuePair<string, object?>("phase", "running"));
        yield return new Measurement<long>(paused, new KeyValuePair<string, object?>("phase", "paused"));
    }

    private Counter<long> Count(string name, string unit, string description) => _meter.CreateCounter<long>(Prefix + name, unit, description);

    private Histogram<double> Seconds(string name, string description, double[] boundaries) =>
        _meter.CreateHistogram(Prefix + name, "s", description, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = boundaries });
}
