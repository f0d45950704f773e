using ActorCluster.Core;

namespace ActorCluster.Media;

/// <summary>The arguments that every start of a tool shares, and the filters that give each frame its time.</summary>
internal static class FfmpegArguments
{
    /// <summary>
    /// The containers that may be opened. Play lists, scripts and patterns (hls, dash, concat, image2, lavfi …) are not among them: they would
    /// make ffmpeg open other files that a hostile "video" names.
    /// </summary>
    private const string Demuxers =
        "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,live_flv,asf,ogg,mxf,rm,wtv,dv,nut,ivf,h264,hevc,m4v,av1,obu,gif,mjpeg,yuv4mpegpipe,amv,swf,vob,gxf,nsv,"
        + "wav,mp3,flac,aac,ac3,aiff";

    /// <summary>How many frames before a chunk's start go by for each one that crosses the pipe as a sign of life.</summary>
    private const int SignOfLifeInterval = 30;

    /// <summary>The arguments before <c>-i</c> and the input itself, for both tools. The path cannot be taken for an option, protocol or pattern.</summary>
    /// <param name="path">The file's full path.</param>
    public static IEnumerable<string> Input(string path) => ["-protocol_whitelist", "file", "-format_whitelist", Demuxers, "-i", "file:" + path];

    /// <summary>The arguments that come first for ffmpeg.</summary>
    public static IEnumerable<string> Ffmpeg { get; } = ["-hide_banner", "-nostdin", "-nostats", "-loglevel", "error"];

    /// <summary>The arguments that come first for ffprobe.</summary>
    public static IEnumerable<string> Ffprobe { get; } = ["-hide_banner", "-loglevel", "error"];

    /// <summary>
    /// Arguments that decode one video stream to NUT with raw pictures: a container whose time base is exact and that carries each picture with
    /// its own timestamp, so that no other channel has to be paired with it.
    /// </summary>
    /// <param name="path">The file's full path.</param>
    /// <param name="codec">ffmpeg's name of the codec.</param>
    /// <param name="streamIndex">The video stream's index.</param>
    /// <param name="timeBase">The stream's time base.</param>
    /// <param name="seekSeconds">Where to start reading, on the file's clock; null for the beginning.</param>
    /// <param name="filters">The filter chain, see <see cref="ChunkFilters"/> and <see cref="TimestampFilters"/>.</param>
    public static IEnumerable<string> Decode(string path, string codec, int streamIndex, Rational timeBase, double? seekSeconds, string filters) =>
    [
        .. Ffmpeg,
        "-threads", "1", "-max_error_rate", "1",

        // Without it the H.264 decoder guesses the reorder depth of streams that do not state it from the frames seen so far, which makes what is
        // shown depend on where decoding began.
        .. codec == "h264" ? new[] { "-strict", "strict" } : [],
        .. seekSeconds is { } seconds ? new[] { "-seek_timestamp", "1", "-noaccurate_seek", "-ss", seconds.ToString("F9") } : [],
        "-copyts",
        .. Input(path),
        "-map", $"0:{streamIndex}", "-an", "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1",
        "-filter_threads", "1", "-vf", filters,
        "-fps_mode", "passthrough", "-enc_time_base", timeBase.ToString(), "-c:v", "rawvideo",
        "-f", "nut", "-write_index", "0", "pipe:1",
    ];

    /// <summary>Filters for the frames of [<paramref name="startPts"/>, <paramref name="endPts"/>) as rgb24 of the wanted size.</summary>
    /// <param name="timeBase">The stream's time base.</param>
    /// <param name="fromBeginning">Whether decoding starts at the file's beginning.</param>
    /// <param name="startPts">Inclusive start in ticks.</param>
    /// <param name="endPts">Exclusive end in ticks.</param>
    /// <param name="origin">Taken off every timestamp: NUT carries none below 0.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    public static string ChunkFilters(Rational timeBase, bool fromBeginning, long startPts, long endPts, long origin, int width, int height) =>
        // The first decoded frame always crosses (n = 0): its timestamp tells where a seek landed.
        $"{Ordered(timeBase, fromBeginning)},select=gte(pts\\,{startPts})+not(mod(n\\,{SignOfLifeInterval}))*gte(pts\\,{origin}),trim=end_pts={endPts},"
        + $"setpts=PTS-({origin}),scale={width}:{height}:flags=bilinear+accurate_rnd+bitexact,format=rgb24";

    /// <summary>Filters that leave only the timestamps of all frames: each picture is a single grey pixel.</summary>
    /// <param name="timeBase">The stream's time base.</param>
    /// <param name="origin">Taken off every timestamp.</param>
    public static string TimestampFilters(Rational timeBase, long origin) =>
        $"{Ordered(timeBase, fromBeginning: true)},setpts=PTS-({origin}),crop=min(iw\\,2):min(ih\\,2),scale=1:1:flags=neighbor,format=gray";

    /// <summary>Arguments that decode one audio stream to mono 32-bit floats whose first one is at a given time.</summary>
    /// <param name="path">The file's full path.</param>
    /// <param name="streamIndex">The audio stream's index.</param>
    /// <param name="startSeconds">The first sample's time on the file's clock.</param>
    /// <param name="endSeconds">Where to end at the latest.</param>
    /// <param name="sampleRate">Samples per second.</param>
    public static IEnumerable<string> DecodeAudio(string path, int streamIndex, double startSeconds, double endSeconds, int sampleRate) =>
    [
        .. Ffmpeg,
        "-threads", "1", "-max_error_rate", "1", "-copyts",
        .. Input(path),
        "-map", $"0:{streamIndex}", "-vn", "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1",
        "-filter_threads", "1",

        // atrim first: a stray timestamp far away would otherwise be filled up to with silence, hours of it.
        // async=1 fills and cuts where timestamps leave the sample count by more than min_hard_comp, and never stretches; below that lies
        // the rounding of containers that count in milliseconds. first_pts pads or cuts the beginning; it counts samples of the filter's input,
        // so the conversion to the final rate comes before it.
        "-af", $"atrim=start={startSeconds - 1:F6}:end={endSeconds:F6},aresample={sampleRate},aformat=sample_fmts=flt:sample_rates={sampleRate}:channel_layouts=mono,"
            + $"aresample=async=1:min_hard_comp=0.03:first_pts={(long)Math.Round(startSeconds * sampleRate)}",
        "-ar", $"{sampleRate}", "-ac", "1", "-f", "f32le", "pipe:1",
    ];

    /// <summary>Arguments that decode a file's first audio stream to mono 32-bit floats, from its first sample on.</summary>
    /// <param name="path">The file's full path.</param>
    /// <param name="sampleRate">Samples per second.</param>
    public static IEnumerable<string> DecodeSound(string path, int sampleRate) =>
        [.. Ffmpeg, "-threads", "1", .. Input(path), "-map", "0:a:0", "-map_metadata", "-1", "-ar", $"{sampleRate}", "-ac", "1", "-f", "f32le", "pipe:1"];

    /// <summary>
    /// Arguments that encode raw RGBX pictures from the input pipe and a file of raw floats to MP4. One thread and no version texts: the same pictures
    /// give the same bytes.
    /// </summary>
    /// <param name="path">The full path to write to.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="frameRate">Pictures per second.</param>
    /// <param name="soundPath">Full path of the mono 32-bit floats.</param>
    /// <param name="sampleRate">Their number per second.</param>
    public static IEnumerable<string> Encode(string path, int width, int height, Rational frameRate, string soundPath, int sampleRate) =>
    [
        "-hide_banner", "-nostats", "-loglevel", "error", "-y",
        "-f", "rawvideo", "-pixel_format", "rgb0", "-video_size", $"{width}x{height}", "-framerate", frameRate.ToString(), "-i", "pipe:0",
        "-f", "f32le", "-ar", $"{sampleRate}", "-ac", "1", "-i", "file:" + soundPath,
        "-map", "0:v:0", "-map", "1:a:0", "-filter_threads", "1",
        "-vf", "scale=flags=bilinear+accurate_rnd+bitexact", "-pix_fmt", "yuv420p",
        "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-g", "60", "-threads", "1", "-flags:v", "+bitexact",
        "-c:a", "aac", "-b:a", "64k", "-flags:a", "+bitexact",
        "-fflags", "+bitexact", "-f", "mp4", "file:" + path,
    ];

    // A frame without a timestamp, or with one that does not increase, follows the frame before it by one tick, so every shown frame keeps a place
    // of its own. This looks back to the stream's beginning, hence never after a seek; streams that need it are not sought in.
    private static string Ordered(Rational timeBase, bool fromBeginning) => fromBeginning
        ? $"settb={timeBase},setpts=if(isnan(PREV_OUTPTS)\\,if(isnan(PTS)\\,0\\,PTS)\\,if(isnan(PTS)\\,PREV_OUTPTS+1\\,max(PTS\\,PREV_OUTPTS+1)))"
        : $"settb={timeBase}";
}
