using ActorCluster.Processing.Serialization;

namespace ActorCluster.Processing.Inference;

/// <summary>Where the time of some nodes has gone; see <see cref="NodeMeter"/>.</summary>
/// <param name="DecodeSeconds">CPU seconds of child processes: probing and decoding.</param>
/// <param name="DetectSeconds">CPU seconds of face detection and cropping.</param>
/// <param name="EncodeSeconds">CPU seconds of forward passes.</param>
/// <param name="FusionSeconds">CPU seconds of reading features and of heads.</param>
/// <param name="Frames">Frames decoded.</param>
/// <param name="Cores">Processors of the nodes' machines, each machine once.</param>
/// <param name="Machine">The machine of a single node; empty for several.</param>
internal sealed record MeterReading(double DecodeSeconds, double DetectSeconds, double EncodeSeconds, double FusionSeconds, long Frames, int Cores, string Machine) : IWireMessage
{
    /// <summary>Nothing measured.</summary>
    public static MeterReading Zero { get; } = new(0, 0, 0, 0, 0, 0, "");

    /// <summary>What has come since an earlier reading of the same nodes.</summary>
    public MeterReading Since(MeterReading before) => this with
    {
        DecodeSeconds = DecodeSeconds - before.DecodeSeconds,
        DetectSeconds = DetectSeconds - before.DetectSeconds,
        EncodeSeconds = EncodeSeconds - before.EncodeSeconds,
        FusionSeconds = FusionSeconds - before.FusionSeconds,
        Frames = Frames - before.Frames,
    };

    /// <summary>The readings of several nodes together.</summary>
    public static MeterReading Sum(IReadOnlyCollection<MeterReading> readings) => new(
        readings.Sum(r => r.DecodeSeconds),
        readings.Sum(r => r.DetectSeconds),
        readings.Sum(r => r.EncodeSeconds),
        readings.Sum(r => r.FusionSeconds),
        readings.Sum(r => r.Frames),
        readings.GroupBy(r => r.Machine).Sum(machine => machine.Max(r => r.Cores)),
        "");
}
