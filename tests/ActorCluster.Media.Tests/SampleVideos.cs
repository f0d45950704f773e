using System.Collections.Concurrent;
using System.Diagnostics;

namespace ActorCluster.Media.Tests;

/// <summary>Video files that ffmpeg makes, once per test run, in a temporary folder that goes when the run ends.</summary>
public static class SampleVideos
{
    private const string Prefix = "media-tests-";
    private static readonly Lazy<DirectoryInfo> Root = new(MakeRoot);
    private static readonly ConcurrentDictionary<string, Lazy<string>> Files = new();

    public static FfmpegTools Tools { get; } = FfmpegTools.Locate();

    public static string Folder => Root.Value.FullName;

    /// <summary>Three seconds at 30 frames a second unless the arguments say otherwise; every frame differs.</summary>
    public static string Source(string size = "160x120", string rate = "30", string seconds = "3") => $"testsrc2=size={size}:rate={rate}:duration={seconds}";

    /// <summary>Makes a file of test pictures once.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="arguments">ffmpeg's arguments, separated by spaces; the output's name is added.</param>
    public static string Make(string name, string arguments) =>
        Files.GetOrAdd(name, _ => new Lazy<string>(() =>
        {
            var path = Path.Combine(Folder, name);
            Ffmpeg([.. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), path]);
            return path;
        })).Value;

    public static string NewPath(string name) => Path.Combine(Directory.CreateDirectory(Path.Combine(Folder, Guid.NewGuid().ToString("N"))).FullName, name);

    /// <summary>Runs ffmpeg and returns what it wrote to its output.</summary>
    public static string Ffmpeg(IEnumerable<string> arguments) => Run("ffmpeg", ["-hide_banner", "-loglevel", "error", "-nostdin", "-y", .. arguments]);

    public static string Run(string program, IEnumerable<string> arguments)
    {
        var info = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            info.ArgumentList.Add(argument);
        }

        using var process = Process.Start(info)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', info.ArgumentList)}: {errors.Result}");
    }

    private static DirectoryInfo MakeRoot()
    {
        // A test host may be ended before its exit handlers are done: what earlier runs left behind goes first.
        foreach (var left in Directory.EnumerateDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            if (!Directory.Exists("/proc/" + Path.GetFileName(left)[Prefix.Length..].Split('-')[0]))
            {
                Directory.Delete(left, recursive: true);
            }
        }

        var root = Directory.CreateTempSubdirectory($"{Prefix}{Environment.ProcessId}-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => root.Delete(recursive: true);
        return root;
    }
}
