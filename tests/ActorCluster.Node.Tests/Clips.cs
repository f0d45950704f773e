namespace ActorCluster.Node.Tests;

/// <summary>Clips of a speaking face, made by ffmpeg once per test run from the sample that the repository has.</summary>
internal static class Clips
{
    /// <summary>Frames a second of the made clips.</summary>
    public const int Rate = 10;

    private static readonly string Folder = Directory.CreateTempSubdirectory("actorcluster-clips-").FullName;
    private static readonly Lazy<Task<string[]>> Long = new(() => MakeAsync("long", count: 6, seconds: 6));
    private static readonly Lazy<Task<string[]>> Short = new(() => MakeAsync("short", count: 4, seconds: 1));

    static Clips() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Folder, recursive: true);

    /// <summary>A person who speaks: 249 frames.</summary>
    public static string Speaker { get; } = Path.Combine(AppContext.BaseDirectory, "configs", "samples", "hello-crop.mp4");

    /// <summary>A smiling portrait: 125 frames.</summary>
    public static string Portrait { get; } = Path.Combine(AppContext.BaseDirectory, "configs", "samples", "astronaut-speech.mp4");

    /// <summary>Six different clips of 6 s with sound and a key frame every second.</summary>
    public static Task<string[]> LongAsync() => Long.Value;

    /// <summary>Four different clips of 1 s with sound.</summary>
    public static Task<string[]> ShortAsync() => Short.Value;

    private static async Task<string[]> MakeAsync(string name, int count, int seconds)
    {
        string[] paths = [.. Enumerable.Range(0, count).Select(i => Path.Combine(Folder, $"{name}-{i}.mp4"))];
        await Tool.RunAsync(
            "ffmpeg",
            ["-loglevel", "error", "-stream_loop", "1", "-i", Speaker, .. paths.SelectMany((path, i) => (string[])
            [
                "-ss", $"{0.3 * (i + 1)}", "-t", $"{seconds}", "-vf", $"fps={Rate},scale=250:190", "-g", $"{Rate}", "-preset", "ultrafast", "-c:a", "aac", path,
            ])]);
        return paths;
    }
}
