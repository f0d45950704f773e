using ActorCluster.Processing.Inference;
using ActorCluster.Storage;

namespace ActorCluster.Processing.Reporting;

/// <summary>
/// A sitting's speed against what binds it. On a CPU decoding, face detection and forward passes share the cores, so the bound is the sum of their CPU
/// times spread over all cores; the greatest of them is what binds.
/// </summary>
internal static class SpeedMeter
{
    /// <summary>Measures; null when no frame was processed.</summary>
    /// <param name="reading">Where the nodes' time went.</param>
    /// <param name="active">Wall seconds of work.</param>
    /// <param name="secondsPerFrame">Video seconds per frame, on average.</param>
    public static RunSpeed? Measure(MeterReading reading, double active, double secondsPerFrame)
    {
        (string Name, double Seconds)[] parts =
            [("decoding in ffmpeg", reading.DecodeSeconds), ("face detection and cropping", reading.DetectSeconds), ("the visual encoder", reading.EncodeSeconds)];
        var total = parts.Sum(p => p.Seconds);
        if (reading.Frames <= 0 || active <= 0 || total <= 0)
        {
            return null;
        }

        var largest = parts.MaxBy(p => p.Seconds);
        var speed = reading.Frames / active;
        var bound = reading.Frames * reading.Cores / total;
        return new RunSpeed(speed, speed * secondsPerFrame, $"{largest.Name} ({largest.Seconds / total:P0} of the CPU time on {reading.Cores} cores)", bound, speed / bound);
    }
}
