using System.Diagnostics;
using ActorCluster.Core;
using ActorCluster.Media;
using ActorCluster.Processing.Inference;

namespace ActorCluster.Benchmarks;

/// <summary>The frame reader against bare ffmpeg, and chunked decoding against one sequential decode.</summary>
internal static class FrameBenchmark
{
    private const int Seconds = 30;
    private const int LongMinutes = 10;
    private const double ChunkSeconds = 10;

    public static async Task RunAsync(int repetitions)
    {
        using var folder = new WorkFolder();
        var tools = FfmpegTools.Locate();
        await CompareReadersAsync(tools, folder, repetitions);
        await CompareChunksAsync(tools, folder, repetitions);
    }

    private static async Task CompareReadersAsync(FfmpegTools tools, WorkFolder folder, int repetitions)
    {
        var table = new MarkdownTable("video", "frame reader, frames/s", "bare ffmpeg into a pipe, frames/s", "bare ffmpeg into nothing, frames/s", "reader / pipe", "reader / nothing");
        foreach (var (width, height) in new[] { (854, 480), (1920, 1080) })
        {
            var path = await TestVideos.PatternAsync(tools, width, height, Seconds, keyFrameInterval: 250, folder.File($"{height}p.mp4"));
            var info = await new VideoProbe(tools).ProbeAsync(path, CancellationToken.None);
            var (reader, pipe, nothing, toPipe, toNothing) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());

            // The first round compiles, warms the file cache, and is not counted.
            for (var i = -1; i < repetitions; i++)
            {
                Console.Error.WriteLine($"{height}p {i + 1}/{repetitions}");
                var clock = Stopwatch.StartNew();
                Read(tools, info, info.Timeline.Pts[0], info.Timeline.Pts[^1] + 1, expected: info.Timeline.Count);
                var a = info.Timeline.Count / clock.Elapsed.TotalSeconds;
                clock.Restart();
                var bytes = BareDecode.ToPipe(tools, info, width, height);
                var b = info.Timeline.Count / clock.Elapsed.TotalSeconds;
                var c = info.Timeline.Count / (await BareDecode.ToNothingAsync(tools, info, width, height)).Wall.TotalSeconds;
                Require(bytes == (long)info.Timeline.Count * width * height * 3, "bare ffmpeg gave other frames");
                if (i >= 0)
                {
                    reader.Add(a);
                    pipe.Add(b);
                    nothing.Add(c);
                    toPipe.Add(a / b);
                    toNothing.Add(a / c);
                }
            }

            table.Add(
                $"{width}x{height} H.264, {Seconds} s", Figures.Spread(reader, "F0"), Figures.Spread(pipe, "F0"), Figures.Spread(nothing, "F0"),
                Figures.Spread(toPipe, "F3"), Figures.Spread(toNothing, "F3"));
        }

        Figures.Caption($"Median of {repetitions} (least to greatest); target: reader / pipe at least 0.95.");
        table.Write();
    }

    private static async Task CompareChunksAsync(FfmpegTools tools, WorkFolder folder, int repetitions)
    {
        var table = new MarkdownTable("file", "chunks", "sequential, CPU s", "chunked, CPU s", "chunked / sequential");
        foreach (var interval in new[] { 30, 60, 250 })
        {
            var minute = await TestVideos.PatternAsync(tools, 854, 480, 60, interval, folder.File($"minute-{interval}.mp4"));
            var path = await TestVideos.LoopAsync(tools, minute, LongMinutes, folder.File($"long-{interval}.mp4"));
            var info = await new VideoProbe(tools).ProbeAsync(path, CancellationToken.None);
            var chunks = ChunkPlan.Create(info.Timeline, ChunkSeconds, info.Seek.SeekPoints);
            var (sequential, chunked, ratio) = (new List<double>(), new List<double>(), new List<double>());
            for (var i = 0; i < repetitions; i++)
            {
                Console.Error.WriteLine($"key frame every {interval} frames {i + 1}/{repetitions}");
                sequential.Add(ChildrenCpu(() => Read(tools, info, info.Timeline.Pts[0], info.Timeline.Pts[^1] + 1, info.Timeline.Count)));
                chunked.Add(ChildrenCpu(() =>
                {
                    foreach (var chunk in chunks)
                    {
                        Read(tools, info, chunk.StartPts, chunk.EndPts, chunk.FrameCount);
                    }
                }));
                ratio.Add(chunked[^1] / sequential[^1]);
            }

            table.Add(
                $"854x480 H.264, {LongMinutes} min, a key frame every {interval * 1001 / 30000.0:F1} s", $"{chunks.Length}",
                Figures.Spread(sequential, "F1"), Figures.Spread(chunked, "F1"), Figures.Spread(ratio, "F3"));
        }

        Figures.Caption($"CPU time of the ffmpeg processes, median of {repetitions} (least to greatest); target: at most 1.1.");
        table.Write();
    }

    private static void Read(FfmpegTools tools, VideoInfo info, long startPts, long endPts, int expected)
    {
        using var reader = FrameReader.Open(tools, info, startPts, endPts, info.Width, info.Height, options: null, CancellationToken.None);
        var frame = new byte[info.Width * info.Height * 3];
        var count = 0;
        while (reader.TryReadFrame(frame, out _))
        {
            count++;
        }

        Require(count == expected, $"the reader gave {count} of {expected} frames");
    }

    private static double ChildrenCpu(Action work)
    {
        var before = CpuClock.OfChildren;
        work();
        return (CpuClock.OfChildren - before).TotalSeconds;
    }

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}
