using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ActorCluster.Training.Tests;

/// <summary>
/// A process that trains: this assembly's entry point, <c>folder-of-videos out-folder state-interval-ms</c>. It says <c>step E S</c> after every step.
/// </summary>
internal sealed class TrainingProcess : IDisposable
{
    private static readonly string Dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
    private readonly Process _process;

    public TrainingProcess(string videos, string output, int stateInterval, (string Step, string Marker)? pause = null)
    {
        var start = new ProcessStartInfo(Dotnet) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "exec", typeof(TrainingProcess).Assembly.Location, videos, output, stateInterval.ToString(CultureInfo.InvariantCulture) })
        {
            start.ArgumentList.Add(argument);
        }

        if (pause is { } at)
        {
            start.Environment["ACTORCLUSTER_PAUSE"] = at.Step;
            start.Environment["ACTORCLUSTER_PAUSE_MARKER"] = at.Marker;
        }

        _process = Process.Start(start)!;
    }

    public static int Main(string[] args)
    {
        var (videos, output, interval) = (args[0], args[1], int.Parse(args[2], CultureInfo.InvariantCulture));
        var inputs = SyntheticVideos.Write(videos);
        var options = TrainedWeights.Options(output) with { StateInterval = TimeSpan.FromMilliseconds(interval) };
        TrainedWeights.Train(inputs, SyntheticVideos.Config, options, p =>
        {
            Console.Out.WriteLine($"step {p.Epoch} {p.Step}");
            Console.Out.Flush();
        });
        return 0;
    }

    /// <summary>Waits for the n-th line, or for the end.</summary>
    public async Task WaitForLinesAsync(int count)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        for (var i = 0; i < count && await _process.StandardOutput.ReadLineAsync(deadline.Token) is not null; i++)
        {
        }
    }

    /// <summary>Kills it as the kernel does: without a word.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        await _process.WaitForExitAsync(deadline.Token);
    }

    /// <summary>Waits until it ends by itself.</summary>
    public async Task EndAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        var errors = _process.StandardError.ReadToEndAsync(deadline.Token);
        await _process.StandardOutput.ReadToEndAsync(deadline.Token);
        await _process.WaitForExitAsync(deadline.Token);
        Assert.True(_process.ExitCode == 0, await errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
