using System.Collections.Immutable;

namespace ActorCluster.Benchmarks;

/// <summary>What this process holds over time, and whether that grows.</summary>
/// <param name="dataFolder">Where temporary files would be.</param>
internal sealed class ResourceLog(string dataFolder)
{
    private const double WarmUp = 0.2; // The share of the time in which caches and pools fill.
    private const int Blocks = 12;
    private const double Student95 = 2.228; // Two-sided 95 % point of Student's t with 12 - 2 degrees of freedom.

    private static readonly ImmutableArray<string> Names =
        ["resident memory, MB", "managed heap, MB", "file descriptors", "threads", "child processes", "temporary files"];

    private readonly List<(double Hours, double[] Values)> _samples = [];
    private double[] _end = [];

    /// <summary>Takes a sample.</summary>
    public void Sample(TimeSpan at) => _samples.Add((at.TotalHours, Look()));

    /// <summary>Takes the last sample, when all work has ended.</summary>
    public void SampleEnd() => _end = Look();

    /// <summary>
    /// Prints each quantity's slope, by least squares over the means of equal blocks of time: samples next to each other are alike, so a fit over all of
    /// them would claim more certainty than there is.
    /// </summary>
    public void Write()
    {
        var first = _samples[^1].Hours * WarmUp;
        var length = (_samples[^1].Hours - first) / Blocks;
        var blocks = _samples.Where(s => s.Hours >= first).GroupBy(s => Math.Min(Blocks - 1, (int)((s.Hours - first) / length))).OrderBy(b => b.Key).ToList();
        if (blocks.Count < Blocks)
        {
            Console.WriteLine($"Too short for a slope: {_samples.Count} samples.");
            return;
        }

        var table = new MarkdownTable("quantity", "mean of the first block", "mean of the last block", "greatest", "slope per hour", "95 % noise", "zero within noise", "after the end");
        for (var q = 0; q < Names.Length; q++)
        {
            var points = blocks.Select(b => (b.Average(s => s.Hours), b.Average(s => s.Values[q]))).ToList();
            var (slope, error) = Figures.Slope(points);
            var noise = error * Student95;
            table.Add(
                Names[q], $"{points[0].Item2:F1}", $"{points[^1].Item2:F1}", $"{_samples.Max(s => s.Values[q]):F0}",
                $"{slope:F2}", $"{noise:F2}", Math.Abs(slope) <= noise ? "yes" : "no", $"{_end[q]:F0}");
        }

        table.Write();
    }

    private double[] Look()
    {
        var self = Environment.ProcessId;
        return
        [
            ProcFile.Kilobytes(self, "VmRSS") / 1e3,
            GC.GetTotalMemory(forceFullCollection: false) / 1e6,
            Directory.GetFiles("/proc/self/fd").Length,
            Directory.GetDirectories("/proc/self/task").Length,
            ProcFile.CountChildren(self),
            Directory.EnumerateFiles(dataFolder, "*.tmp", SearchOption.AllDirectories).Count(),
        ];
    }
}
