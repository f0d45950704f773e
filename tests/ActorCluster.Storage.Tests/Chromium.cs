using System.Diagnostics;

namespace ActorCluster.Storage.Tests;

/// <summary>The browser, where there is one.</summary>
internal static class Chromium
{
    public static string? Path { get; } = ((string[])["chromium", "chromium-browser", "google-chrome"])
        .SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => System.IO.Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    /// <summary>Opens a file and returns the page as its scripts have made it.</summary>
    public static async Task<string> DumpPageAsync(string file, string profile)
    {
        var start = new ProcessStartInfo(Path!) { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--window-size=1280,4000",
            "--virtual-time-budget=5000", "--user-data-dir=" + profile, "--dump-dom", new Uri(file).AbsoluteUri,
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var process = Process.Start(start)!;
        try
        {
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            var page = await process.StandardOutput.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return process.ExitCode == 0 ? page : throw new InvalidOperationException(await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
