using System.Diagnostics;
using System.Runtime.CompilerServices;
using ActorCluster.Core.Faults;
using ActorCluster.Processing.Runs;

namespace ActorCluster.Operator.Palettes;

/// <summary>Following a run.</summary>
public sealed partial class RunPalette
{
    private const int QuarantinedExit = 3;
    private const int StoppedExit = 1;
    private const int NamedVideos = 3;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a run that was just submitted may not know of itself.</summary>
    private static readonly TimeSpan BeginsWithin = TimeSpan.FromSeconds(30);

    /// <summary>How long the report of a run that has ended may take before the watch ends without it.</summary>
    private static readonly TimeSpan ReportWithin = TimeSpan.FromMinutes(2);

    /// <summary>How long a run that is watched may not answer: one that moves to another node needs the failure detector's time and more.</summary>
    internal TimeSpan Absence { get; init; } = TimeSpan.FromSeconds(120);

    private async IAsyncEnumerable<CommandAnswer> WatchAsync(string run, bool isSubmitted, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Look);
        var (meter, silence, said) = (new ProgressMeter(), new Stopwatch(), "");
        RunQueries.RunProgress? progress = null;
        while (true)
        {
            var (seen, trouble) = await LookAsync(run, isSubmitted || progress is not null, silence);
            progress = seen ?? progress;
            if (seen is { Phase: not RunPhase.Running })
            {
                break;
            }

            if (seen is not null)
            {
                meter.Look(seen);
            }

            if ((seen is not null ? Line(seen, meter) : trouble) is { } line && line != said)
            {
                said = line;
                yield return seen is not null ? new CommandAnswer.Status(line) : new CommandAnswer.Line($"{line} Trying again.");
            }

            await timer.WaitForNextTickAsync(cancellation);
        }

        if (progress!.Phase == RunPhase.Paused)
        {
            yield return new CommandAnswer.Line($"Run {run} waits with {RunWords.Ended(progress)} of {Videos(progress.Registered)} ended: {progress.PausedReason} 'run resume {run}' goes on.");
            yield return new CommandAnswer.Exit(StoppedExit);
            yield break;
        }

        for (var until = DateTime.UtcNow + ReportWithin; DateTime.UtcNow < until && !await IsReportedAsync(run);)
        {
            await timer.WaitForNextTickAsync(cancellation);
        }

        foreach (var line in RunWords.End(await RunSummaries.ReadAsync(data, run), data.Run(run)))
        {
            yield return new CommandAnswer.Line(line);
        }

        if (progress.Phase != RunPhase.Ended || progress.Quarantined > 0)
        {
            yield return new CommandAnswer.Exit(progress.Phase != RunPhase.Ended ? StoppedExit : QuarantinedExit);
        }
    }

    /// <summary>How far a run is, or why that is not known now; neither where the run does not yet know of itself.</summary>
    private async Task<(RunQueries.RunProgress? Progress, string? Trouble)> LookAsync(string run, bool isThere, Stopwatch silence)
    {
        try
        {
            if (await runs.ProgressAsync(run) is { Registered: > 0 } progress)
            {
                silence.Reset();
                return (progress, null);
            }
        }
        catch (EnvironmentFaultException e) when (Bears(silence, Absence))
        {
            return (null, e.Message);
        }

        return isThere && Bears(silence, BeginsWithin) ? (null, null) : throw await runs.NoSuchRunAsync(run);
    }

    private static bool Bears(Stopwatch silence, TimeSpan longest)
    {
        silence.Start();
        return silence.Elapsed < longest;
    }

    private async Task<bool> IsReportedAsync(string run)
    {
        try
        {
            return !(await runs.RunsAsync()).Any(r => r.Name == run && !r.Ended);
        }
        catch (EnvironmentFaultException)
        {
            return false;
        }
    }

    private static string Line(RunQueries.RunProgress p, ProgressMeter meter)
    {
        var videos = p.InFlight.Where(v => v.Frames > 0 || v.Stage.Length > 0).Take(NamedVideos).Select(v => $"{v.Id} {v.Stage}{(v.Frames > 0 ? $" {v.FramesDone}/{v.Frames}" : "")}");
        return RunWords.Progress(p, meter) + (p.InFlight.IsEmpty ? "" : $"; in flight: {string.Join(", ", videos)}{(p.InFlight.Length > NamedVideos ? $" and {p.InFlight.Length - NamedVideos} more" : "")}");
    }

    private async Task<RunQueries.RunProgress> FindAsync(string run) => await runs.ProgressAsync(run) is { Registered: > 0 } progress ? progress : throw await runs.NoSuchRunAsync(run);
}
