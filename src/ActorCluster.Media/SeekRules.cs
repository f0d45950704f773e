using System.Buffers.Text;
using System.Collections.Immutable;
using ActorCluster.Core;

namespace ActorCluster.Media;

/// <summary>
/// Which frames decoding may start from. A seek point's promise is strict: every frame shown at or after it is the same, bit for bit, as in a
/// decode from the file's beginning. What is not known to keep that promise is not a seek point.
/// </summary>
internal static class SeekRules
{
    // ffmpeg seeks 3/23 s too early in containers that do not say that they seek by PTS, when frames are reordered (open_input_file).
    private const double EarlySeekSeconds = 3.0 / 23;

    /// <summary>Why seeking in this kind of file cannot be trusted at all; null when its key frames may be looked at.</summary>
    /// <param name="facts">The file's streams.</param>
    /// <param name="packets">Its packets.</param>
    /// <param name="timeline">Its frames.</param>
    /// <param name="path">Its path.</param>
    public static string? WhyNever(StreamFacts facts, PacketList packets, FrameTimeline timeline, string path)
    {
        var isMp4 = IsMp4(facts.Container);
        return facts switch
        {
            _ when !isMp4 && !IsMatroska(facts.Container) => $"Seeking in the container {facts.Container} does not lead to known frames.",
            _ when facts.VideoStreams > 1 => "The file has several video streams, and a seek follows one that need not be the chosen one.",
            _ when facts.Codec is not ("h264" or "hevc" or "vp9" or "av1" or "mjpeg" or "prores") => $"Key frames of {facts.Codec} are not known to start exact decoding.",
            _ when packets.DiscardedPts.Any(pts => pts > timeline.Pts[0] && pts < timeline.Pts[^1]) => "The edit list has several parts.",
            _ when isMp4 && Mp4Boxes.IsFragmented(path) => "The file is fragmented and has no complete index.",
            _ => null,
        };
    }

    /// <summary>The NAL unit types that a key frame of this codec must contain, in the syntax of ffmpeg's filter_units; null when a key flag is enough.</summary>
    /// <remarks>
    /// H.264: 5 is IDR. Other frames that are flagged as key (recovery points, intra refresh) may need what came before them.
    /// HEVC: 16 to 21 are BLA, IDR and CRA; pictures that need what came before these are shown before them.
    /// </remarks>
    public static string? RandomAccessUnits(string codec) => codec switch
    {
        "h264" => "5",
        "hevc" => "16-21",
        _ => null,
    };

    /// <summary>The arguments that make ffmpeg list the timestamps of the packets that contain such units, as framecrc lines.</summary>
    /// <remarks>All packets are read: with <c>-discard nokey</c> ffmpeg's MP4 reader gives key frames the timestamps of others.</remarks>
    public static IEnumerable<string> RandomAccessArguments(string path, int streamIndex, string units) =>
    [
        .. FfmpegArguments.Ffmpeg, "-copyts", .. FfmpegArguments.Input(path),
        "-map", $"0:{streamIndex}", "-c", "copy", "-bsf:v", $"filter_units=pass_types={units}",
        "-avoid_negative_ts", "disabled", "-flush_packets", "1", "-f", "framecrc", "pipe:1",
    ];

    /// <summary>Reads timestamps from framecrc lines: stream, dts, pts, duration, size, checksum.</summary>
    public static HashSet<long> ReadFrameCrc(ReadBytes read)
    {
        var found = new HashSet<long>();
        LineReader.ForEach(read, line =>
        {
            if (line.StartsWith("0,"u8) && line[2..].IndexOf((byte)',') is >= 0 and var comma)
            {
                var field = line[(comma + 3)..].TrimStart((byte)' ');
                if (Utf8Parser.TryParse(field, out long pts, out _))
                {
                    found.Add(pts);
                }
            }
        });
        return found;
    }

    /// <summary>Makes the plan from the timestamps of trusted key frames.</summary>
    /// <param name="points">Their timestamps, in any order.</param>
    /// <param name="codec">ffmpeg's name of the codec.</param>
    public static SeekPlan Plan(IEnumerable<long> points, string codec)
    {
        ImmutableArray<long> sorted = [.. points.Distinct().Order()];
        return sorted.Length > 1
            ? new SeekPlan(true, $"{sorted.Length} key frames of {codec} start exact decoding.", sorted)
            : new SeekPlan(false, $"No key frame of {codec} after the first starts exact decoding.", []);
    }

    /// <summary>The time to ask ffmpeg to seek to in order to land on a seek point; landing earlier is right but slower.</summary>
    /// <param name="info">The video.</param>
    /// <param name="seekPoint">The seek point in ticks; null to start at the beginning.</param>
    /// <returns>Seconds on the file's clock; null for the beginning.</returns>
    public static double? TargetSeconds(VideoInfo info, long? seekPoint)
    {
        if (seekPoint is not { } point)
        {
            return null;
        }

        // ffmpeg rounds to microseconds; half a frame later is never a later key frame.
        var timeBase = info.Timeline.TimeBase;
        var after = info.Timeline.FirstAtOrAfter(point + 1);
        var gap = after < info.Timeline.Count ? info.Timeline.Pts[after] - point : 1;
        var target = timeBase.ToSeconds(point) + (timeBase.ToSeconds(gap) / 2);
        if (IsMp4(info.Container))
        {
            return target;
        }

        var at = info.Seek.SeekPoints.AsSpan().BinarySearch(point) + 1;
        var next = at < info.Seek.SeekPoints.Length ? timeBase.ToSeconds(info.Seek.SeekPoints[at]) : double.PositiveInfinity;
        return target + EarlySeekSeconds < next ? target + EarlySeekSeconds : target;
    }

    private static bool IsMp4(string container) => container.Split(',').Contains("mp4");

    private static bool IsMatroska(string container) => container.Split(',').Contains("matroska");
}
