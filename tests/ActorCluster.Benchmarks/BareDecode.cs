using ActorCluster.Media;

namespace ActorCluster.Benchmarks;

/// <summary>The decoding that no frame reader can do without: one ffmpeg from the file's beginning to its end, with the frame reader's own arguments.</summary>
internal static class BareDecode
{
    /// <summary>Decodes and scales into nothing.</summary>
    public static Task<(TimeSpan Cpu, TimeSpan Wall)> ToNothingAsync(FfmpegTools tools, VideoInfo info, int width, int height) =>
        Tool.RunAsync(tools.FfmpegPath, Arguments(info, width, height, "/dev/null"));

    /// <summary>Decodes and scales into a pipe of the frame reader's size, out of which this process reads into one buffer.</summary>
    /// <returns>Bytes read.</returns>
    public static long ToPipe(FfmpegTools tools, VideoInfo info, int width, int height)
    {
        using var process = MediaProcess.Start(tools, tools.FfmpegPath, "benchmark", Arguments(info, width, height, "pipe:1"), TimeSpan.FromMinutes(1), CancellationToken.None);
        var buffer = new byte[1 << 20];
        var total = 0L;
        for (int n; (n = process.Read(buffer)) > 0;)
        {
            total += n;
        }

        process.Complete();
        return total;
    }

    private static IEnumerable<string> Arguments(VideoInfo info, int width, int height, string target)
    {
        var timeline = info.Timeline;
        var filters = FfmpegArguments.ChunkFilters(timeline.TimeBase, fromBeginning: true, timeline.Pts[0], timeline.Pts[^1] + 1, timeline.Pts[0], width, height);
        var arguments = FfmpegArguments.Decode(info.Path, info.Codec, info.StreamIndex, timeline.TimeBase, null, filters).ToList();

        // Raw pictures without a container: what the frame reader's container costs is the frame reader's.
        arguments.RemoveRange(arguments.IndexOf("-f"), arguments.Count - arguments.IndexOf("-f"));
        return ["-y", .. arguments, "-f", "rawvideo", target];
    }
}
