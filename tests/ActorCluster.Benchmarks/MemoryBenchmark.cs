using ActorCluster.Media;

namespace ActorCluster.Benchmarks;

/// <summary>Peak memory of a long video against a short one of the same frames.</summary>
internal static class MemoryBenchmark
{
    private const int ShortSeconds = 30;
    private const int Repetitions = 3;

    public static async Task RunAsync(int minutes)
    {
        using var folder = new WorkFolder();
        var tools = FfmpegTools.Locate();

        // A real face throughout, so that every stage works on every frame; the long video is the short one over and over.
        var brief = await TestVideos.MakeAsync(
            tools, folder.File("short.mp4"), "-stream_loop", "-1", "-i", Repository.HelloClip, "-t", $"{ShortSeconds}",
            "-vf", "scale=1280:720,fps=25", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac");
        var full = await TestVideos.LoopAsync(tools, brief, minutes * 60 / ShortSeconds, folder.File("long.mp4"));

        var shortPeaks = new List<double>();
        for (var i = 0; i < Repetitions; i++)
        {
            Console.Error.WriteLine($"short, {i + 1}/{Repetitions}");
            shortPeaks.Add((await Sitting.RunAsync(folder.NewFolder("data"), "lite", brief)).PeakBytes / 1e6);
        }

        Console.Error.WriteLine("long");
        var longPeak = (await Sitting.RunAsync(folder.NewFolder("data"), "lite", full)).PeakBytes / 1e6;

        Figures.Caption($"1280x720, 25 frames/s, a face in every frame; VmHWM of the process, of the short one the median of {Repetitions} (least to greatest); target: within 10 %.");
        var table = new MarkdownTable("video", "frames", "peak memory, MB", "to the short one");
        table.Add($"{ShortSeconds} s", $"{ShortSeconds * 25}", Figures.Spread(shortPeaks, "F0"), "1");
        table.Add($"{minutes} min", $"{minutes * 60 * 25}", $"{longPeak:F0}", $"{longPeak / Figures.Median(shortPeaks):F3}");
        table.Write();
    }
}
