using System.Diagnostics;
using System.Net;
using ActorCluster.Operator;
using ActorCluster.Processing.Runs;
using ActorCluster.Storage;

namespace ActorCluster.Node;

/// <summary>
/// Follows a run of a cluster through its operator endpoints until it ends, waits or the watcher is told to stop. Nodes may die meanwhile: it tries again for a
/// while, and with other nodes if it was given any.
/// </summary>
/// <param name="client">The way to the nodes.</param>
/// <param name="console">Where it is shown.</param>
internal sealed class RunWatcher(OperatorClient client, ConsoleOutput console)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);
    private readonly Stopwatch _silence = new();
    private RunQueries.RunProgress? _last;
    private bool _hasSaid;

    /// <summary>How long no node at all may answer.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long nodes may answer that the run does not: one that moves to another node needs the failure detector's time and more.</summary>
    public TimeSpan Absence { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Follows a run.</summary>
    /// <param name="run">Its name.</param>
    /// <param name="isSubmitted">Whether it was just submitted: it is there, even if it does not answer at once.</param>
    /// <param name="stop">Stops watching, not the run.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="OperatorRefusedException">There is no such run, or it has not answered for too long.</exception>
    /// <exception cref="OperatorUnreachableException">No node has answered for too long.</exception>
    public async Task<int> WatchAsync(string run, bool isSubmitted, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Look);
        try
        {
            do
            {
                if (await LookAsync(run, isSubmitted, stop) is { } exitCode)
                {
                    return exitCode;
                }
            }
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The run is not this process's to stop.
        }

        console.Leave(_last ?? Unknown(run), "running", ExitCodes.Interrupted, RunWords.GoesOn(_last ?? Unknown(run)));
        return ExitCodes.Interrupted;
    }

    private async Task<int?> LookAsync(string run, bool isSubmitted, CancellationToken stop)
    {
        try
        {
            _last = await client.ProgressAsync(run, stop);
            console.Progress(_last);
            var exitCode = _last.PausedReason.Length > 0 ? Pause(_last) : _last.IsCompleted ? End(await client.ResultAsync(run, stop)) : (int?)null;
            _silence.Reset();
            _hasSaid = false;
            return exitCode;
        }
        catch (OperatorUnreachableException e) when (_last is not null && Bears(Silence))
        {
            Say(e.Message);
        }
        catch (OperatorRefusedException e) when (_last is { IsCompleted: true } && e.Status == HttpStatusCode.Conflict)
        {
            _silence.Reset(); // Its report is being written.
        }
        catch (OperatorRefusedException e) when (e.Status == HttpStatusCode.ServiceUnavailable && Bears(Absence))
        {
            Say(e.Message);
        }
        catch (OperatorRefusedException e) when (e.Status == HttpStatusCode.NotFound && (isSubmitted || _last is not null) && Bears(Silence))
        {
            // It has not yet been told of itself.
        }

        return null;
    }

    /// <summary>Whether what fails now has not failed for too long.</summary>
    private bool Bears(TimeSpan longest)
    {
        _silence.Start();
        return _silence.Elapsed < longest;
    }

    private void Say(string trouble)
    {
        if (!_hasSaid)
        {
            _hasSaid = true;
            console.Note($"  {RunWords.OneLine(trouble)}; trying again");
        }
    }

    private int Pause(RunQueries.RunProgress progress)
    {
        console.Leave(progress, "paused", ExitCodes.EnvironmentFailure, RunWords.Paused(progress));
        return ExitCodes.EnvironmentFailure;
    }

    private int End(RunResult result)
    {
        var exitCode = result.Summary.Counts.Quarantined > 0 ? ExitCodes.Quarantined : ExitCodes.Completed;
        console.End(result.Summary, new DataDirectory(result.Data).Run(result.Summary.Run), exitCode);
        return exitCode;
    }

    private static RunQueries.RunProgress Unknown(string run) => new(run, 0, 0, 0, 0, 0, 0, false, "", "", []);
}
