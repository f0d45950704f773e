using ActorCluster.Media;

namespace ActorCluster.Benchmarks;

/// <summary>The whole main job against the sum of the parts that nothing can spare.</summary>
internal static class PipelineBenchmark
{
    private const int Loops = 30;

    public static async Task RunAsync(int repetitions)
    {
        using var folder = new WorkFolder();
        var tools = FfmpegTools.Locate();
        var minutes = await TestVideos.LoopAsync(tools, Repository.HelloClip, Loops, folder.File("minutes.mp4"));
        using var bare = new BareInference(Repository.LitePipeline);
        var hello = await new VideoProbe(tools).ProbeAsync(Repository.HelloClip, CancellationToken.None);
        var frames = bare.Load(tools, hello);
        var (width, height) = bare.SizeOf(hello);
        bare.Run(frames, width, height); // Compiles what is measured below.

        var table = new MarkdownTable(
            "clip", "frames", "x real time", "frames/s", "bound, frames/s", "of the bound", "decode, CPU ms/frame", "detect + crop + net, CPU ms/frame", "peak memory, MB");
        foreach (var path in new[] { Repository.HelloClip, minutes })
        {
            var info = await new VideoProbe(tools).ProbeAsync(path, CancellationToken.None);
            var (real, speed, bound, ratio, decode, infer, peak) = (Row(), Row(), Row(), Row(), Row(), Row(), Row());
            for (var i = 0; i < repetitions; i++)
            {
                Console.Error.WriteLine($"{Path.GetFileName(path)} {i + 1}/{repetitions}");
                var run = await Sitting.RunAsync(folder.NewFolder("data"), "lite", path);
                var (cpu, _) = await BareDecode.ToNothingAsync(tools, info, width, height);
                decode.Add(cpu.TotalMilliseconds / info.Timeline.Count);
                infer.Add(1000 * bare.Run(frames, width, height) / frames.Count);
                bound.Add(1000 * Environment.ProcessorCount / (decode[^1] + infer[^1]));
                speed.Add(run.Summary.Frames / run.Summary.ActiveSeconds);
                real.Add(run.Summary.VideoSeconds / run.Summary.ActiveSeconds);
                ratio.Add(speed[^1] / bound[^1]);
                peak.Add(run.PeakBytes / 1e6);
            }

            table.Add(
                Path.GetFileName(path), $"{info.Timeline.Count}", Figures.Spread(real, "F1"), Figures.Spread(speed, "F0"), Figures.Spread(bound, "F0"),
                Figures.Spread(ratio, "F2"), Figures.Spread(decode, "F2"), Figures.Spread(infer, "F2"), Figures.Spread(peak, "F0"));
        }

        Figures.Caption($"Median of {repetitions} (least to greatest); targets: 3 x real time, 0.9 of the bound.");
        table.Write();
    }

    private static List<double> Row() => [];
}
