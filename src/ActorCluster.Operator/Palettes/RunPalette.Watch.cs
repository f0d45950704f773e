using System.Runtime.CompilerServices;
using ActorCluster.Core.Formats;
using ActorCluster.Processing.Runs;

namespace ActorCluster.Operator.Palettes;

/// <summary>Following a run.</summary>
public sealed partial class RunPalette
{
    private const int NearestListed = 3;
    private const int QuarantinedExit = 3;
    private const int StoppedExit = 1;
    private const int NamedVideos = 3;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the report of a run that has ended may take before the watch ends without it.</summary>
    private static readonly TimeSpan ReportWithin = TimeSpan.FromMinutes(2);

    private async IAsyncEnumerable<CommandAnswer> WatchAsync(string run, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Look);
        var (progress, said) = (await FindAsync(run), "");
        for (; progress.Phase == RunPhase.Running; progress = await runs.ProgressAsync(run))
        {
            var line = Line(progress);
            if (line != said)
            {
                yield return new CommandAnswer.Line(said = line);
            }

            await timer.WaitForNextTickAsync(cancellation);
        }

        for (var until = DateTime.UtcNow + ReportWithin; progress.Phase is RunPhase.Ended or RunPhase.Cancelled && DateTime.UtcNow < until && !await IsReportedAsync(run);)
        {
            await timer.WaitForNextTickAsync(cancellation);
        }

        foreach (var answer in End(progress))
        {
            yield return answer;
        }
    }

    private async Task<bool> IsReportedAsync(string run) => !(await runs.RunsAsync()).Any(r => r.Name == run && !r.Ended);

    private IEnumerable<CommandAnswer> End(RunQueries.RunProgress progress)
    {
        yield return new CommandAnswer.Item(Facts(progress));
        if (progress.Phase == RunPhase.Paused)
        {
            yield return new CommandAnswer.Line($"Run {progress.Run} waits: {progress.PausedReason} 'run resume {progress.Run}' goes on.");
        }
        else
        {
            yield return new CommandAnswer.Line($"Predictions: {data.Run(progress.Run).Predictions}");
            yield return new CommandAnswer.Line($"Report:      {data.Run(progress.Run).Report}");
        }

        if (progress.Phase != RunPhase.Ended)
        {
            yield return new CommandAnswer.Exit(StoppedExit);
        }
        else if (progress.Quarantined > 0)
        {
            yield return new CommandAnswer.Exit(QuarantinedExit);
        }
    }

    private static string Line(RunQueries.RunProgress p)
    {
        var videos = p.InFlight.Where(v => v.Frames > 0 || v.Stage.Length > 0).Take(NamedVideos).Select(v => $"{v.Id} {v.Stage}{(v.Frames > 0 ? $" {v.FramesDone}/{v.Frames}" : "")}");
        return $"{p.Completed + p.Quarantined + p.Cancelled} of {Videos(p.Registered)} done"
            + (p.Quarantined > 0 ? $", {p.Quarantined} of them quarantined" : "")
            + (p.InFlight.IsEmpty ? "" : $"; {p.InFlight.Length} in flight: {string.Join(", ", videos)}{(p.InFlight.Length > NamedVideos ? ", …" : "")}")
            + (p.Trouble.Length > 0 ? $"; trouble: {p.Trouble}" : "");
    }

    private async Task<RunQueries.RunProgress> FindAsync(string run)
    {
        if (await runs.ProgressAsync(run) is { Registered: > 0 } progress)
        {
            return progress;
        }

        var nearest = NearestNames.Find(run, (await runs.RunsAsync()).Select(r => r.Name), NearestListed);
        throw new CommandRefusedException($"There is no run '{run}'.{(nearest.IsEmpty ? " 'run list' shows those that there are." : $" The nearest: {string.Join(", ", nearest)}.")}", nearest);
    }
}
