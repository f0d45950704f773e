using System.Globalization;
using System.Text.Json;
using ActorCluster.Core;
using ActorCluster.Core.Faults;
using FFMpegCore;

namespace ActorCluster.Media;

/// <summary>What ffprobe says of a file's container and streams, and the choice of the streams to use.</summary>
/// <param name="Container">ffmpeg's name of the container.</param>
/// <param name="Video">The chosen video stream.</param>
/// <param name="Codec">ffmpeg's name of its codec.</param>
/// <param name="VideoStreams">How many video streams there are, attached pictures aside.</param>
/// <param name="TimeBase">The video stream's time base.</param>
/// <param name="StartPts">The video stream's first timestamp in its ticks, as the container claims; 0 when it claims none.</param>
/// <param name="Width">Displayed width in square pixels, after rotation.</param>
/// <param name="Height">Displayed height in square pixels, after rotation.</param>
/// <param name="Audio">The chosen audio stream.</param>
internal sealed record StreamFacts(
    string Container, FFProbeStream Video, string Codec, int VideoStreams, Rational TimeBase, long StartPts, int Width, int Height, AudioTrack? Audio)
{
    /// <summary>What to ask ffprobe for.</summary>
    public const string Entries =
        "format=format_name,nb_streams:stream=index,codec_type,codec_name,codec_tag_string,width,height,sample_aspect_ratio,field_order,time_base,start_pts,"
        + "start_time,duration,sample_rate,channels:stream_disposition=default,attached_pic,timed_thumbnails:stream_side_data=rotation:stream_tags=enc_key_id";

    /// <summary>What is wrong with an encrypted video.</summary>
    public const string Encrypted = "The video is encrypted (DRM), and there is no key to decode it with.";

    private const string Stage = "probe";

    /// <summary>Whether pictures are stored in two fields, or ffprobe cannot tell that they are not.</summary>
    public bool IsInterlaced => Video.FieldOrder is not (null or "progressive" or "unknown");

    /// <summary>Reads ffprobe's JSON and chooses the streams.</summary>
    /// <exception cref="InputFaultException">There is nothing that can be decoded.</exception>
    public static StreamFacts Parse(string json)
    {
        FFProbeAnalysis? analysis;
        try
        {
            analysis = JsonSerializer.Deserialize<FFProbeAnalysis>(json);
        }
        catch (JsonException e)
        {
            throw new InputFaultException(Stage, $"ffprobe's description of the file cannot be read: {e.Message}", inner: e);
        }

        var streams = analysis?.Streams ?? [];
        var container = analysis?.Format?.FormatName ?? "unknown";
        var pictures = streams.Where(s => s.CodecType == "video").ToList();
        var videos = pictures.Where(s => !Has(s, "attached_pic") && !Has(s, "timed_thumbnails")).ToList();
        var video = videos.FirstOrDefault(s => Has(s, "default")) ?? videos.FirstOrDefault() ?? throw new InputFaultException(Stage, WhyNoVideo(streams, pictures));
        if (video.CodecTagString is "encv" or "drmi" || video.Tags?.ContainsKey("enc_key_id") == true)
        {
            throw new InputFaultException(Stage, Encrypted);
        }

        if (video.CodecName is not { Length: > 0 } codec || codec is "none" or "unknown")
        {
            throw new InputFaultException(Stage, $"ffmpeg has no decoder for the video stream (tag {video.CodecTagString}).");
        }

        if (!Rational.TryParse(Extra(video, "time_base"), out var timeBase) || timeBase.Numerator <= 0)
        {
            throw new InputFaultException(Stage, "The video stream has no time base.");
        }

        var (width, height) = DisplayedSize(video);
        var startPts = long.TryParse(Extra(video, "start_pts"), out var pts) ? pts : 0;
        return new StreamFacts(container, video, codec, videos.Count, timeBase, startPts, width, height, AudioOf(streams));
    }

    private static (int Width, int Height) DisplayedSize(FFProbeStream video)
    {
        var (width, height) = (video.Width ?? 0, video.Height ?? 0);
        if (width is < 1 or > VideoInfo.MaxSide || height is < 1 or > VideoInfo.MaxSide || (long)width * height > VideoInfo.MaxPixels)
        {
            throw new InputFaultException(Stage, $"Frames of {width}x{height} pixels cannot be read: each side must be 1 to {VideoInfo.MaxSide} and the whole at most {VideoInfo.MaxPixels} pixels.");
        }

        // A pixel's shape w:h stretches the width, as players do.
        if (Rational.TryParse(video.SampleAspectRatio?.Replace(':', '/'), out var pixel) && pixel.Numerator > 0)
        {
            var stretched = Math.Round((double)width * pixel.Numerator / pixel.Denominator);
            if (stretched < 1 || stretched > VideoInfo.MaxSide || stretched * height > VideoInfo.MaxPixels)
            {
                throw new InputFaultException(Stage, $"Frames of {width}x{height} pixels of shape {pixel.Numerator}:{pixel.Denominator} cannot be shown in square pixels within {VideoInfo.MaxSide} a side.");
            }

            width = (int)stretched;
        }

        return IsTurned(video) ? (height, width) : (width, height);
    }

    private static bool IsTurned(FFProbeStream video)
    {
        foreach (var data in video.SideData ?? [])
        {
            if (data.TryGetValue("rotation", out var element) && double.TryParse(element.ToString(), CultureInfo.InvariantCulture, out var degrees))
            {
                // ffmpeg turns by whole quarters when the angle is within one degree of them.
                var quarter = ((degrees % 180) + 180) % 180;
                return Math.Abs(quarter - 90) < 1;
            }
        }

        return false;
    }

    private static AudioTrack? AudioOf(IReadOnlyList<FFProbeStream> streams)
    {
        AudioTrack? first = null;
        foreach (var stream in streams)
        {
            if (stream is { CodecType: "audio", CodecName: { Length: > 0 } codec, Channels: > 0 and var channels, CodecTagString: not ("enca" or "drms") }
                && int.TryParse(stream.SampleRate, out var rate) && rate > 0)
            {
                var track = new AudioTrack(stream.Index, codec, channels, rate, Seconds(stream.StartTime), Seconds(stream.Duration));
                if (Has(stream, "default"))
                {
                    return track;
                }

                first ??= track;
            }
        }

        return first;
    }

    private static string WhyNoVideo(IReadOnlyList<FFProbeStream> streams, List<FFProbeStream> pictures) =>
        pictures.Count > 0 ? "The only picture is an attached one (cover art): there is no video stream."
        : streams.Any(s => s.CodecType == "audio") ? "The file has audio only: there is no video stream."
        : "The file has no video stream.";

    private static double Seconds(string? text) => double.TryParse(text, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : 0;

    private static string? Extra(FFProbeStream stream, string name) =>
        stream.ExtensionData is { } extra && extra.TryGetValue(name, out var element) ? element.ToString() : null;

    private static bool Has(FFProbeStream stream, string flag) => stream.Disposition is { } flags && flags.TryGetValue(flag, out var on) && on != 0;
}
