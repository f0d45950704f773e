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
    /// <param name="meter">The process's meter.</param>
    /// <param name="secondsPerFrame">Video seconds per frame, on average.</param>
    public static RunSpeed? Measure(NodeMeter meter, double secondsPerFrame)
    {
        var active = meter.ActiveSeconds;
        if (meter.Frames == 0 || active <= 0)
        {
            return null;
        }

        (string Name, double Seconds)[] parts =
            [("decoding in ffmpeg", meter.DecodeSeconds), ("face detection and cropping", meter.DetectSeconds), ("the visual encoder", meter.EncodeSeconds)];
        var total = parts.Sum(p => p.Seconds);
        var cores = Environment.ProcessorCount;
        var largest = parts.MaxBy(p => p.Seconds);
        var speed = meter.Frames / active;
        var bound = meter.Frames * cores / total;
        return new RunSpeed(speed, speed * secondsPerFrame, $"{largest.Name} ({largest.Seconds / total:P0} of the CPU time on {cores} cores)", bound, speed / bound);
    }
}
