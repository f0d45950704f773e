using System.Diagnostics;
using ActorCluster.Processing.Inference;

namespace ActorCluster.Benchmarks;

/// <summary>Runs ffmpeg to its end.</summary>
internal static class Tool
{
    /// <summary>Runs it; no other child process may end meanwhile.</summary>
    /// <returns>Its CPU time and how long it took.</returns>
    public static async Task<(TimeSpan Cpu, TimeSpan Wall)> RunAsync(string path, params IEnumerable<string> arguments)
    {
        var before = CpuClock.OfChildren;
        var clock = Stopwatch.StartNew();
        using var process = Start(path, arguments);
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? (CpuClock.OfChildren - before, clock.Elapsed)
            : throw new InvalidOperationException($"{path} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await errors}");
    }

    /// <summary>Starts it with output and errors redirected.</summary>
    public static Process Start(string path, IEnumerable<string> arguments)
    {
        var info = new ProcessStartInfo(path) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            info.ArgumentList.Add(argument);
        }

        return Process.Start(info)!;
    }
}
