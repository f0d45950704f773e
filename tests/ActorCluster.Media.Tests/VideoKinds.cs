namespace ActorCluster.Media.Tests;

/// <summary>
/// The kinds of file on which frame readers go wrong, and how to make one of each. Missing, because no encoder at hand makes them: H.264 and
/// MPEG-2 in separate field pictures (PAFF).
/// </summary>
public static class VideoKinds
{
    private const string X264 = "-c:v libx264 -preset veryfast";
    private const string X265 = "-c:v libx265 -preset ultrafast -x265-params log-level=error:keyint=20:min-keyint=20";

    public static IReadOnlyList<(string Kind, string File, Func<string> Make)> All { get; } =
    [
        Kind("H.264 closed GOP, MP4", "cg.mp4", $"{X264} -g 20 -bf 3"),
        Kind("H.264 closed GOP, MKV", "cg.mkv", $"{X264} -g 20 -bf 3"),
        Kind("H.264 closed GOP, TS", "cg.ts", $"{X264} -g 20 -bf 3"),
        Kind("H.264 without B-frames, MKV", "nob.mkv", $"{X264} -g 20 -bf 0"),
        Kind("H.264 open GOP, MP4", "og.mp4", $"{X264} -g 20 -bf 3 -x264-params open-gop=1:scenecut=0"),
        Kind("H.264 open GOP, MKV", "og.mkv", $"{X264} -g 20 -bf 3 -x264-params open-gop=1:scenecut=0"),
        Kind("H.264 open GOP, TS", "og.ts", $"{X264} -g 20 -bf 3 -x264-params open-gop=1:scenecut=0"),
        Kind("H.264 intra-refresh, MP4", "ir.mp4", $"{X264} -g 20 -bf 0 -x264-params intra-refresh=1"),
        Kind("H.264 intra-refresh, TS", "ir.ts", $"{X264} -g 20 -bf 0 -x264-params intra-refresh=1"),
        Kind("H.264 interlaced (MBAFF), MP4", "mbaff.mp4", $"{X264} -g 20 -flags +ildct+ilme -x264-params tff=1"),
        Kind("H.264 interlaced (MBAFF), TS", "mbaff.ts", $"{X264} -g 20 -flags +ildct+ilme -x264-params tff=1"),
        Kind("H.264 fragmented MP4", "frag.mp4", $"{X264} -g 20 -movflags frag_keyframe+empty_moov"),
        Kind("H.264 very short GOP, MP4", "short.mp4", $"{X264} -g 2 -bf 1 -x264-params scenecut=0"),
        Kind("H.264 in AVI", "h264.avi", $"{X264} -g 20 -bf 2"),
        Kind("HEVC closed GOP, MP4", "hevc.mp4", $"{X265}:open-gop=0:bframes=3"),
        Kind("HEVC open GOP (CRA), MP4", "cra.mp4", $"{X265}:open-gop=1:bframes=3"),
        Kind("HEVC open GOP (CRA), MKV", "cra.mkv", $"{X265}:open-gop=1:bframes=3"),
        Kind("HEVC open GOP (CRA), TS", "cra.ts", $"{X265}:open-gop=1:bframes=3"),
        Kind("VP9, WebM", "vp9.webm", "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 20"),
        Kind("VP9 with alternate references, WebM", "vp9alt.webm", "-c:v libvpx-vp9 -deadline good -cpu-used 5 -g 25 -auto-alt-ref 1 -lag-in-frames 16"),
        Kind("VP8, WebM", "vp8.webm", "-c:v libvpx -deadline realtime -cpu-used 8 -g 20 -auto-alt-ref 1 -lag-in-frames 10"),
        Kind("AV1, WebM", "av1.webm", "-c:v libaom-av1 -usage realtime -cpu-used 8 -g 20"),
        Kind("AV1, MP4", "av1.mp4", "-c:v libsvtav1 -preset 12 -g 20"),
        Kind("MPEG-4 ASP with B-frames, AVI", "asp.avi", "-c:v libxvid -bf 2 -g 20"),
        Kind("MPEG-4 with B-frames, AVI", "mpeg4.avi", "-c:v mpeg4 -bf 2 -g 20"),
        Kind("MPEG-4 with B-frames, MP4", "mpeg4.mp4", "-c:v mpeg4 -bf 2 -g 20"),
        Kind("MJPEG, AVI", "mjpeg.avi", "-c:v mjpeg -pix_fmt yuvj420p"),
        Kind("MJPEG, MOV", "mjpeg.mov", "-c:v mjpeg -pix_fmt yuvj420p"),
        Kind("MPEG-2 with B-frames, TS", "mpeg2.ts", "-c:v mpeg2video -bf 2 -g 15"),
        Kind("MPEG-2 with B-frames, PS", "mpeg2.mpg", "-c:v mpeg2video -bf 2 -g 15"),
        Kind("MPEG-2 interlaced, TS", "mpeg2i.ts", "-c:v mpeg2video -bf 2 -g 15 -flags +ildct+ilme -r 25"),
        Kind("ProRes, MOV", "prores.mov", "-c:v prores -pix_fmt yuv422p10"),
        Kind("WMV, ASF", "wmv.wmv", "-c:v wmv2 -g 20"),
        Kind("FLV", "h264.flv", $"{X264} -g 20 -bf 2"),
        ("Edit list (starts inside a GOP)", "editlist.mp4", () => Remux("editlist.mp4", "-ss 0.5 -i", Base(), "-c copy")),
        ("Edit list with a late start", "late.mp4", () => Remux("late.mp4", "-itsoffset 1.5 -i", Base(), "-c copy")),
        Kind("Variable frame rate, MP4", "vfr.mp4", $"{X264} -g 20 -vf select='not(eq(mod(n\\,7)\\,3))*not(between(n\\,40\\,52))' -fps_mode vfr"),
        Kind("Variable frame rate, MKV", "vfr.mkv", $"{X264} -g 20 -vf select='not(eq(mod(n\\,7)\\,3))*not(between(n\\,40\\,52))' -fps_mode vfr"),
        Kind("23.976 frames a second, MKV", "23976.mkv", $"{X264} -g 20", SampleVideos.Source(rate: "24000/1001")),
        Kind("29.97 frames a second, MP4", "2997.mp4", $"{X264} -g 20", SampleVideos.Source(rate: "30000/1001")),
        ("Rotated by 90", "rotated90.mp4", () => Rotated(90)),
        ("Rotated by 180", "rotated180.mp4", () => Rotated(180)),
        ("Rotated by 270", "rotated270.mp4", () => Rotated(270)),
        Kind("Pixels of 16:15", "sar.mp4", $"{X264} -g 20 -vf setsar=16/15"),
        Kind("Pixels of 8:9", "sar89.mkv", $"{X264} -g 20 -vf setsar=8/9"),
        Kind("Odd size 161x121, 4:4:4", "odd.mp4", $"{X264} -g 20 -pix_fmt yuv444p -vf scale=161:121"),
        Kind("Odd size 161x121, VP9", "odd.webm", "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 20 -vf scale=161:121"),
        Kind("10 bits, HEVC", "10bit.mp4", $"{X265} -pix_fmt yuv420p10le"),
        Kind("10 bits, H.264", "10bit.mkv", $"{X264} -g 20 -pix_fmt yuv420p10le"),
        Kind("Full range", "full.mp4", $"{X264} -g 20 -vf scale=out_range=pc,format=yuvj420p -color_range pc"),
        Kind("Negative first timestamps, MKV", "negative.mkv", $"{X264} -g 20 -bf 2 -output_ts_offset -0.7 -avoid_negative_ts disabled"),
        Kind("First timestamp an hour in, TS", "hour.ts", $"{X264} -g 20 -output_ts_offset 3600"),
        Kind("One frame", "one.mp4", $"{X264} -frames:v 1"),
        Kind("One key frame", "onekey.mp4", $"{X264} -g 9999 -x264-params scenecut=0"),
        Kind("Timestamps start just before their wrap, TS", "wrap.ts", $"{X264} -g 20 -bf 2 -muxdelay 0 -muxpreload 0 -output_ts_offset 95442.7"),
        Kind("Timestamps wrap after 65 s, TS", "wrap65.ts", $"{X264} -g 20 -bf 2 -muxdelay 0 -muxpreload 0 -output_ts_offset 95378.7", SampleVideos.Source(rate: "2", seconds: "75")),
        ("Two recordings joined, TS", "joined.ts", Joined),
    ];

    /// <summary>The file of a kind by its name.</summary>
    public static string Path(string file) => All.Single(k => k.File == file).Make();

    private static (string, string, Func<string>) Kind(string kind, string name, string arguments, string? source = null) =>
        (kind, name, () => SampleVideos.Make(name, $"-f lavfi -i {source ?? SampleVideos.Source()} {(arguments.Contains("pix_fmt") || arguments.Contains("format=") ? "" : "-pix_fmt yuv420p ")}{arguments}"));

    private static string Base() => SampleVideos.Make("base.mp4", $"-f lavfi -i {SampleVideos.Source()} {X264} -pix_fmt yuv420p -g 20 -bf 3");

    private static string Remux(string name, string before, string source, string after) => SampleVideos.Make(name, $"{before} {source} {after}");

    private static string Joined()
    {
        var part = SampleVideos.Make("cg.ts", $"-f lavfi -i {SampleVideos.Source()} -pix_fmt yuv420p {X264} -g 20 -bf 3");
        var path = SampleVideos.NewPath("joined.ts");
        File.WriteAllBytes(path, [.. File.ReadAllBytes(part), .. File.ReadAllBytes(part)]);
        return path;
    }

    private static string Rotated(int degrees) => Remux($"rotated{degrees}.mp4", "-i", Base(), $"-c copy -metadata:s:v:0 rotate={degrees}");
}
