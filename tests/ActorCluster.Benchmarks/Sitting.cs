using System.Diagnostics;
using System.Globalization;
using ActorCluster.Processing.Inference;
using ActorCluster.Storage;

namespace ActorCluster.Benchmarks;

/// <summary>What one run of the real <c>actorcluster process</c> took.</summary>
/// <param name="Summary">Its summary.json.</param>
/// <param name="OwnCpu">CPU seconds of the process itself.</param>
/// <param name="ChildrenCpu">CPU seconds of its children: ffmpeg and ffprobe.</param>
/// <param name="PeakBytes">Its peak resident memory (VmHWM), without its children's.</param>
/// <param name="WallSeconds">From its start to its end.</param>
internal sealed record Sitting(RunSummary Summary, double OwnCpu, double ChildrenCpu, long PeakBytes, double WallSeconds)
{
    private const double ClockTicksPerSecond = 100; // USER_HZ, the unit of /proc/<pid>/stat on every Linux.

    /// <summary>CPU seconds that its meter ascribes to detection, cropping (with reading the pipe) and the net.</summary>
    public double MeteredInferenceCpu => Summary.Speed is { } speed
        ? (speed.FramesPerSecond * Summary.ActiveSeconds * Environment.ProcessorCount / speed.BoundFramesPerSecond) - ChildrenCpu
        : 0;

    /// <summary>Runs it in a data folder.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="pipeline">The pipeline, by name or file.</param>
    /// <param name="input">The video or folder.</param>
    public static async Task<Sitting> RunAsync(string data, string pipeline, string input)
    {
        var before = CpuClock.OfChildren;
        var clock = Stopwatch.StartNew();
        using var process = Tool.Start(Repository.Executable, ["process", input, "--pipeline", pipeline, "--data", data, "--run", "benchmark"]);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var (peak, children) = await WatchAsync(process);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"actorcluster ended with {process.ExitCode}: {await output}{await errors}");
        }

        var cpu = (CpuClock.OfChildren - before).TotalSeconds;
        using var file = File.OpenRead(new DataDirectory(data).Run("benchmark").Summary);
        return new Sitting(RunSummaryJson.Read(file), cpu - children, children, peak, clock.Elapsed.TotalSeconds);
    }

    /// <summary>Samples what the kernel forgets with the process; both figures only grow, and hardly so in the last moment.</summary>
    private static async Task<(long PeakBytes, double ChildrenCpu)> WatchAsync(Process process)
    {
        var (peak, children) = (0L, 0.0);
        var ended = process.WaitForExitAsync();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!ended.IsCompleted)
        {
            try
            {
                peak = Math.Max(peak, ProcFile.Kilobytes(process.Id, "VmHWM") * 1024);
                var fields = ProcFile.Stat(process.Id);
                children = Math.Max(children, (Ticks(fields[13]) + Ticks(fields[14])) / ClockTicksPerSecond);
            }
            catch (Exception e) when (e is IOException or FormatException or IndexOutOfRangeException)
            {
                // It has just ended.
            }

            await timer.WaitForNextTickAsync();
        }

        await ended;
        return (peak, children);
    }

    private static long Ticks(string field) => long.Parse(field, CultureInfo.InvariantCulture);
}
