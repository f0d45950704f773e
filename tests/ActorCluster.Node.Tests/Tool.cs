using System.Diagnostics;

namespace ActorCluster.Node.Tests;

/// <summary>Other programs that tests make files with.</summary>
internal static class Tool
{
    /// <summary>Runs a program to its successful end.</summary>
    public static async Task RunAsync(string program, params string[] arguments)
    {
        var info = new ProcessStartInfo(program, arguments) { RedirectStandardError = true };
        info.Environment["DOTNET_ROOT"] = ActorClusterProcess.DotnetRoot;
        using var process = Process.Start(info)!;
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        var error = await process.StandardError.ReadToEndAsync(deadline.Token);
        await process.WaitForExitAsync(deadline.Token);
        Assert.True(process.ExitCode == 0, $"{program} failed:\n{error}");
    }

    /// <summary>The full path of a program on PATH.</summary>
    public static string PathOf(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)).First(File.Exists);
}
