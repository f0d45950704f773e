using System.Text;
using ActorCluster.Core.Faults;

namespace ActorCluster.Media;

/// <summary>The ffmpeg and ffprobe programs of this machine.</summary>
public sealed class FfmpegTools
{
    internal const string InstallRemedy = "Install it: apt-get install ffmpeg.";

    private const string Stage = "tools";
    private static readonly TimeSpan VersionTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Takes the programs at the given paths.</summary>
    /// <param name="ffmpegPath">Full path of ffmpeg.</param>
    /// <param name="ffprobePath">Full path of ffprobe.</param>
    /// <param name="version">The version to report.</param>
    internal FfmpegTools(string ffmpegPath, string ffprobePath, string version)
    {
        FfmpegPath = ffmpegPath;
        FfprobePath = ffprobePath;
        Version = version;
        SetsidPath = Find("setsid", "Install it: apt-get install util-linux.");
        SetprivPath = Find("setpriv", "Install it: apt-get install util-linux.");
    }

    /// <summary>Full path of ffmpeg.</summary>
    public string FfmpegPath { get; }

    /// <summary>Full path of ffprobe.</summary>
    public string FfprobePath { get; }

    /// <summary>ffmpeg's version as it states it, such as <c>5.1.9-0+deb12u1</c>. Decoded pixels depend on it.</summary>
    public string Version { get; }

    internal string SetsidPath { get; }

    internal string SetprivPath { get; }

    /// <summary>Finds the programs on PATH.</summary>
    /// <exception cref="EnvironmentFaultException">One of them is missing or does not run.</exception>
    public static FfmpegTools Locate()
    {
        var tools = new FfmpegTools(Find("ffmpeg", InstallRemedy), Find("ffprobe", InstallRemedy), "");
        return new FfmpegTools(tools.FfmpegPath, tools.FfprobePath, ReadVersion(tools));
    }

    /// <summary>Checks that a program is still there.</summary>
    /// <exception cref="EnvironmentFaultException">It is not.</exception>
    internal static void RequireTool(string path, string stage)
    {
        if (!IsExecutable(path))
        {
            throw new EnvironmentFaultException(stage, $"{path} is missing or is not executable.", InstallRemedy);
        }
    }

    private static string Find(string name, string remedy)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.GetFullPath(Path.Combine(folder, name)))
            .FirstOrDefault(IsExecutable);
        return found ?? throw new EnvironmentFaultException(Stage, $"{name} is not on PATH.", remedy);
    }

    private static bool IsExecutable(string path) => File.Exists(path) && Posix.CanExecute(path);

    private static string ReadVersion(FfmpegTools tools)
    {
        using var process = MediaProcess.Start(tools, tools.FfmpegPath, Stage, ["-version"], VersionTimeout, CancellationToken.None);
        var buffer = new byte[256];
        var length = 0;
        for (int n; length < buffer.Length && (n = process.Read(buffer.AsSpan(length))) > 0; length += n)
        {
        }

        // "ffmpeg version 5.1.9-0+deb12u1 Copyright (c) ..."
        var words = Encoding.UTF8.GetString(buffer, 0, length).Split(' ', '\n');
        return words is ["ffmpeg", "version", var version, ..]
            ? version
            : throw new EnvironmentFaultException(Stage, $"{tools.FfmpegPath} does not state its version.", InstallRemedy);
    }
}
