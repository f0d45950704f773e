using System.Diagnostics;
using System.Diagnostics.Metrics;
using ActorCluster.Processing.Telemetry;
using ActorCluster.Processing.Videos;
using static ActorCluster.Processing.Videos.VideoEvents;

namespace ActorCluster.Processing.Tests.Telemetry;

public sealed class ClusterInstrumentsTests : IDisposable
{
    private readonly Dictionary<string, double> _sums = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();
    private readonly ClusterInstruments _instruments = new();

    public ClusterInstrumentsTests()
    {
        // Tests beside this one have instruments of the same names.
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (_instruments.Owns(instrument))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, labels, _) => Add(instrument, value, labels));
        _listener.SetMeasurementEventCallback<double>((instrument, value, labels, _) => Add(instrument, value, labels));
        _listener.Start();
    }

    [Fact]
    public void Happened_EveryKindOfEvent_IsCountedOnce()
    {
        var outcome = VideoState.Empty.Summary(new VideoKey("run", 0, 1), 0);
        foreach (var e in new IVideoEvent[]
        {
            new ChunkStarted(0, 0, 1, "node", false), new ChunkStarted(0, 0, 2, "node", false), new ChunkSuspected(0, 0, "node"), new ChunkReleased(0, 0, "a cause", false),
            new ChunkReleased(0, 0, "a cause", true), new ChunkEncoded(0, 0, 0, 1, false, 1, false), new ChunkEncoded(0, 0, 1, 3, false, 0, true), new PublishIntended(0),
            new VideoPublished(0, outcome with { Frames = 250 }), new VideoQuarantined(0, outcome with { Stage = "probe" }), new VideoQuarantined(0, outcome with { Stage = "\u001b[31mred" }),
        })
        {
            _instruments.Happened(e);
        }

        Assert.Equal(
            new SortedDictionary<string, double>(StringComparer.Ordinal)
            {
                ["chunks.started"] = 2, ["chunks.redone"] = 1, ["chunks.suspected"] = 1, ["chunks.released other"] = 1, ["chunks.released stalled"] = 1, ["chunks.encoded computed"] = 1,
                ["chunks.encoded reused"] = 3, ["frames.published"] = 250, ["videos.quarantined probe"] = 1, ["videos.quarantined other"] = 1,
            },
            new SortedDictionary<string, double>(_sums, StringComparer.Ordinal));
    }

    [Fact]
    public void Ended_NoneAndFewerThanNone_DoNotCount()
    {
        _instruments.Ended("completed", 3);
        _instruments.Ended("completed", 0);
        _instruments.Ended("cancelled", -2);

        Assert.Equal([new("videos.ended completed", 3)], _sums);
    }

    [Fact]
    public void Led_Runs_AreSummedByPhase()
    {
        _instruments.Led("a", new RunReading(false, 10, 4));
        _instruments.Led("b", new RunReading(true, 7, 0));
        _instruments.Led("c", new RunReading(false, 1, 1));
        _instruments.Led("c", null);

        _listener.RecordObservableInstruments();

        Assert.Equal((1, 1, 10, 4), (_sums["runs running"], _sums["runs paused"], _sums["videos.waiting"], _sums["videos.active"]));
    }

    [Fact]
    public void Ran_HalfABatch_IsHalfFull()
    {
        _instruments.Ran("visual", "cuda:0", TimeSpan.FromSeconds(2), 4, 8);

        Assert.Equal(0.5, _sums["batch.fill visual cuda:0"]);
        Assert.Equal(2, _sums["encode.duration visual cuda:0"]);
    }

    [Fact]
    public void Journaled_Event_TakesItsTime()
    {
        _instruments.Journaled("run", Stopwatch.GetTimestamp() - Stopwatch.Frequency);
        _instruments.NotJournaled("votes");

        Assert.InRange(_sums["journal.write.duration run"], 1, 60);
        Assert.Equal(1, _sums["journal.write.failures votes"]);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _instruments.Dispose();
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var key = string.Join(' ', [instrument.Name["actorcluster.".Length..], .. labels.ToArray().Select(l => l.Value)]);
        lock (_sums)
        {
            _sums[key] = _sums.GetValueOrDefault(key) + value;
        }
    }
}
