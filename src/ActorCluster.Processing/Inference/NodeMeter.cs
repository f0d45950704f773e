using ActorCluster.Processing.Control;
using ActorCluster.Processing.Decoding;
using ActorCluster.Processing.Telemetry;

namespace ActorCluster.Processing.Inference;

/// <summary>
/// CPU time of the work that nothing can spare: detecting and cropping faces, and the encoder's forward passes. Decoding is the CPU time of child
/// processes, which the operating system keeps.
/// </summary>
internal sealed class NodeMeter
{
    // A process that was exec'ed keeps the children of whatever it was before.
    private readonly TimeSpan _childrenBefore = CpuClock.OfChildren;
    private long _detectTicks;
    private long _encodeTicks;
    private long _fusionTicks;
    private long _frames;
    private long _firstWork;
    private long _lastWork;
    private int _slots;

    /// <summary>CPU seconds of child processes that have ended: probing and decoding.</summary>
    public double DecodeSeconds => (CpuClock.OfChildren - _childrenBefore).TotalSeconds;

    /// <summary>CPU seconds of face detection and cropping.</summary>
    public double DetectSeconds => TimeSpan.FromTicks(Interlocked.Read(ref _detectTicks)).TotalSeconds;

    /// <summary>CPU seconds of forward passes.</summary>
    public double EncodeSeconds => TimeSpan.FromTicks(Interlocked.Read(ref _encodeTicks)).TotalSeconds;

    /// <summary>CPU seconds of reading features and of heads.</summary>
    public double FusionSeconds => TimeSpan.FromTicks(Interlocked.Read(ref _fusionTicks)).TotalSeconds;

    /// <summary>Frames decoded.</summary>
    public long Frames => Interlocked.Read(ref _frames);

    /// <summary>What the node counts and measures for those who watch it.</summary>
    public ClusterInstruments Instruments { get; } = new();

    /// <summary>What large networks run on, as a label says it.</summary>
    public string DeviceName { get; init; } = "cpu";

    /// <summary>Slots that the node has told the broker of.</summary>
    public int SlotsOffered
    {
        get => Volatile.Read(ref _slots);
        set => Volatile.Write(ref _slots, value);
    }

    /// <summary>How far decoding is behind the device.</summary>
    public DecodeLagMeter Lag { get; } = new(TimeProvider.System);

    /// <summary>What the device does, and why it stands idle.</summary>
    public DeviceMeter Device { get; } = new(TimeProvider.System);

    /// <summary>The share of the last ten seconds in which the device waited for decoding, 0 to 1.</summary>
    public double DecodeLag => Lag.Share;

    /// <summary>All of it, to be sent.</summary>
    public MeterReading Reading => new(DecodeSeconds, DetectSeconds, EncodeSeconds, FusionSeconds, Frames, Environment.ProcessorCount, Environment.MachineName);

    /// <summary>Wall seconds from the first unit's start to the last unit's end.</summary>
    public double ActiveSeconds => TimeSpan.FromTicks(Math.Max(0, Interlocked.Read(ref _lastWork) - Interlocked.Read(ref _firstWork))).TotalSeconds;

    /// <summary>A unit begins.</summary>
    public void WorkBegins() => Interlocked.CompareExchange(ref _firstWork, DateTime.UtcNow.Ticks, 0);

    /// <summary>A unit ends.</summary>
    public void WorkEnds() => Interlocked.Exchange(ref _lastWork, DateTime.UtcNow.Ticks);

    /// <summary>Adds a unit's face work.</summary>
    public void AddDetect(TimeSpan cpu, long frames)
    {
        Interlocked.Add(ref _detectTicks, cpu.Ticks);
        Interlocked.Add(ref _frames, frames);
    }

    /// <summary>Adds a batch's forward pass.</summary>
    /// <typeparam name="TRequest">What the encoder takes.</typeparam>
    /// <param name="cpu">CPU time of the encoder's thread.</param>
    /// <param name="duration">How long it took.</param>
    /// <param name="rows">Places of the batch that held something.</param>
    /// <param name="batch">All places.</param>
    public void AddEncode<TRequest>(TimeSpan cpu, TimeSpan duration, int rows, int batch)
    {
        Interlocked.Add(ref _encodeTicks, cpu.Ticks);
        Instruments.Ran(typeof(TRequest) == typeof(SegmentRequest) ? "audio" : "visual", DeviceName, duration, rows, batch);
    }

    /// <summary>Adds some windows' classification.</summary>
    public void AddFusion(TimeSpan cpu) => Interlocked.Add(ref _fusionTicks, cpu.Ticks);
}
