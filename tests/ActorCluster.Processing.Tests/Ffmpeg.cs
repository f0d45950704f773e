using System.Diagnostics;

namespace ActorCluster.Processing.Tests;

/// <summary>Makes media files.</summary>
internal static class Ffmpeg
{
    public static void Run(params IEnumerable<string> arguments)
    {
        using var ffmpeg = Process.Start(new ProcessStartInfo(TestPipeline.Tools.FfmpegPath, ["-hide_banner", "-loglevel", "error", .. arguments]) { RedirectStandardInput = true })!;
        Assert.True(ffmpeg.WaitForExit(TimeSpan.FromSeconds(120)), "ffmpeg takes too long.");
        Assert.Equal(0, ffmpeg.ExitCode);
    }
}
