using System.Buffers.Binary;
using System.Globalization;
using ActorCluster.Media;

namespace ActorCluster.Benchmarks;

/// <summary>Makes videos with ffmpeg.</summary>
internal static class TestVideos
{
    /// <summary>A video several times over, without encoding it again.</summary>
    public static Task<string> LoopAsync(FfmpegTools tools, string source, int times, string target) =>
        MakeAsync(tools, target, "-stream_loop", Text(times - 1), "-i", source, "-map", "0", "-c", "copy");

    /// <summary>A test pattern in H.264 at 29.97 frames a second, so that key frames do not fall on the chunks' borders.</summary>
    public static Task<string> PatternAsync(FfmpegTools tools, int width, int height, int seconds, int keyFrameInterval, string target) =>
        MakeAsync(
            tools, target, "-f", "lavfi", "-i", $"testsrc2=size={width}x{height}:rate=30000/1001:duration={seconds}",
            "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-g", Text(keyFrameInterval));

    /// <summary>Runs ffmpeg with some arguments and a target.</summary>
    public static async Task<string> MakeAsync(FfmpegTools tools, string target, params string[] arguments)
    {
        await Tool.RunAsync(tools.FfmpegPath, ["-hide_banner", "-nostdin", "-loglevel", "error", "-y", .. arguments, target]);
        return target;
    }

    /// <summary>
    /// Copies an MP4 file and makes its content one of its own by a <c>free</c> box behind everything else, which readers pass over
    /// (ISO/IEC 14496-12, 8.1.2).
    /// </summary>
    public static void CopyMarked(string source, string target, int mark)
    {
        Span<byte> box = stackalloc byte[12];
        BinaryPrimitives.WriteInt32BigEndian(box, box.Length);
        "free"u8.CopyTo(box[4..]);
        BinaryPrimitives.WriteInt32BigEndian(box[8..], mark);
        File.Copy(source, target);
        using var file = new FileStream(target, FileMode.Append);
        file.Write(box);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
