using ActorCluster.Media;

namespace ActorCluster.Benchmarks;

/// <summary>A folder of short videos of many kinds, among them broken ones.</summary>
internal static class MixedFiles
{
    /// <summary>How many of the files have a fault of their own.</summary>
    public const int Broken = 5;

    /// <summary>Makes the files.</summary>
    public static async Task<string> MakeAsync(FfmpegTools tools, WorkFolder folder)
    {
        var mixed = folder.NewFolder("mixed");
        string Mixed(string name) => Path.Combine(mixed, name);
        Task<string> Cut(string name, params string[] codec) => TestVideos.MakeAsync(tools, Mixed(name), ["-i", Repository.HelloClip, "-t", "2", .. codec]);

        var good = await Cut("h264.mp4", "-c:v", "libx264", "-preset", "veryfast", "-c:a", "aac");
        await Cut("hevc.mkv", "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error", "-c:a", "libmp3lame");
        await Cut("vp9.webm", "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus");
        await Cut("mpeg4.avi", "-c:v", "mpeg4", "-bf", "2", "-c:a", "ac3");
        await Cut("mpeg2.ts", "-c:v", "mpeg2video", "-c:a", "mp2");
        await Cut("silent.mov", "-c:v", "libx264", "-preset", "ultrafast", "-an");
        await TestVideos.LoopAsync(tools, Repository.HelloClip, 3, Mixed("chunks.mp4"));

        // Of this one the decoder shows what it can, and the rows stay.
        var bytes = await File.ReadAllBytesAsync(good);
        new Random(1).NextBytes(bytes.AsSpan(bytes.Length / 2, 2000));
        await File.WriteAllBytesAsync(Mixed("garbage-inside.mp4"), bytes);

        await File.WriteAllBytesAsync(Mixed("broken-empty.mp4"), []);
        await File.WriteAllTextAsync(Mixed("broken-text.mp4"), "This is no video.\n");
        await File.WriteAllBytesAsync(Mixed("broken-cut.mp4"), bytes[..(bytes.Length / 2)]);
        await File.WriteAllBytesAsync(Mixed("broken-random.mkv"), bytes[(bytes.Length / 2)..]);
        await Cut("broken-audio-only.mp4", "-vn", "-c:a", "aac");
        return mixed;
    }
}
