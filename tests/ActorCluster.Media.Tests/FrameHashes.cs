using System.Security.Cryptography;
using ActorCluster.Core;

namespace ActorCluster.Media.Tests;

/// <summary>Frames as (timestamp, hash of pixels), from the reader under test and from one plain sequential decode by ffmpeg itself.</summary>
public static class FrameHashes
{
    /// <summary>
    /// What ffmpeg shows of the whole file when nothing of ours takes part: its own hash muxer, its own timestamps, no seek, no trim.
    /// </summary>
    public static List<(long Pts, string Hash)> Reference(VideoInfo info)
    {
        var lines = SampleVideos.Ffmpeg(
        [
            "-threads", "1", "-copyts", "-i", "file:" + info.Path, "-map", $"0:{info.StreamIndex}",
            "-vf", $"scale={info.Width}:{info.Height}:flags=bilinear+accurate_rnd+bitexact,format=rgb24",
            "-fps_mode", "passthrough", "-enc_time_base", "-1", "-c:v", "rawvideo", "-avoid_negative_ts", "disabled", "-f", "framehash", "-hash", "sha256", "-",
        ]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var timeBase = lines.Where(l => l.StartsWith("#tb 0: ", StringComparison.Ordinal)).Select(l => Rational.TryParse(l["#tb 0: ".Length..], out var r) ? r : default).Single();
        return lines.Where(l => l[0] != '#').Select(l => l.Split(',', StringSplitOptions.TrimEntries))
            .Select(f => (Pts: Convert(long.Parse(f[2]), timeBase, info.Timeline.TimeBase), Hash: f[5])).ToList();
    }

    /// <summary>The same through the reader under test, in three chunks: of a second for most files.</summary>
    public static (List<(long Pts, string Hash)> Frames, int Chunks, int Seeked) InChunks(VideoInfo info)
    {
        var frames = new List<(long, string)>();
        var (chunks, seeked) = (0, 0);
        var step = Math.Max(1, (info.Timeline.Pts[^1] - info.Timeline.Pts[0] + info.Timeline.TypicalDuration + 2) / 3);
        for (var start = info.Timeline.Pts[0]; start <= info.Timeline.Pts[^1]; start += step, chunks++)
        {
            using var reader = FrameReader.Open(SampleVideos.Tools, info, start, start + step, info.Width, info.Height, null, CancellationToken.None);
            frames.AddRange(Read(reader, info));
            seeked += reader.Seeked ? 1 : 0;
        }

        return (frames, chunks, seeked);
    }

    public static List<(long Pts, string Hash)> Read(FrameReader reader, VideoInfo info)
    {
        var rgb = new byte[info.Width * info.Height * 3];
        var frames = new List<(long, string)>();
        while (reader.TryReadFrame(rgb, out var pts))
        {
            frames.Add((pts, System.Convert.ToHexStringLower(SHA256.HashData(rgb))));
        }

        return frames;
    }

    public static Task<VideoInfo> Probe(string path) => new VideoProbe(SampleVideos.Tools).ProbeAsync(path, CancellationToken.None);

    private static long Convert(long ticks, Rational from, Rational to)
    {
        var (value, remainder) = Int128.DivRem((Int128)ticks * from.Numerator * to.Denominator, (Int128)from.Denominator * to.Numerator);
        Assert.Equal(0, (int)remainder);
        return (long)value;
    }
}
