using System.Collections.Immutable;
using ActorCluster.Core;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Formats;
using ActorCluster.Processing.Inference;
using ActorCluster.Processing.Reporting;
using ActorCluster.Processing.Runs;
using ActorCluster.Storage;

namespace ActorCluster.Processing.Hosting;

/// <summary>What operators can do to runs.</summary>
public sealed partial class ClusterNode
{
    private const int IndexesPerMessage = 8_000;
    private const int NearestListed = 3;
    private static readonly TimeSpan ReportWithin = TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    public Task PauseAsync(string run) => CommandAsync(new RunCommands.PauseRun(run));

    /// <inheritdoc/>
    public Task ResumeAsync(string run) => CommandAsync(new RunCommands.ResumeRun(run));

    /// <inheritdoc/>
    public Task<int> CancelAsync(string run) => CommandAsync(new RunCommands.CancelRun(run));

    /// <inheritdoc/>
    public Task SetPriorityAsync(string run, int priority)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Abs(priority), IRunService.LargestPriority, nameof(priority));
        return CommandAsync(new RunCommands.PrioritiseRun(run, priority));
    }

    /// <inheritdoc/>
    public async Task<int> RetryAsync(string run, string? cause = null, string? video = null)
    {
        if (cause is null && video is null)
        {
            return await CommandAsync(new RunCommands.RetryVideos(run, All: true, []));
        }

        var progress = await RequireAsync(run);
        ImmutableArray<int> videos = video is null
            ? await _reader.AskAsync(run, progress.StartedAt, view => VideoList.Quarantined(view, cause!))
            : [await IndexAsync(progress, video, cause)];
        var retried = 0;
        for (var from = 0; from == 0 || from < videos.Length; from += IndexesPerMessage)
        {
            retried += await CommandAsync(new RunCommands.RetryVideos(run, All: false, [.. videos.Skip(from).Take(IndexesPerMessage)]));
        }

        return retried;
    }

    /// <inheritdoc/>
    public async Task QuarantineAsync(string run, string video, string cause)
    {
        var index = await IndexAsync(await RequireAsync(run), video, cause: null);
        await CommandAsync(new RunCommands.QuarantineVideo(run, index, cause));
    }

    /// <inheritdoc/>
    public async Task<RunFrozen> ExtendAsync(string run, ImmutableArray<string> inputs)
    {
        if ((await RequireAsync(run)).Phase == RunPhase.Cancelled)
        {
            throw new RunRequestException($"Run '{run}' is cancelled; submit it again under another name (-run): stored features are used again.");
        }

        var frozen = await FreezeAsync(new RunCommands.FreezeRun(new RunRequest(inputs, "", run, Csv: false, Parquet: false), Extends: true));
        await RegisterAsync(frozen.Spec);
        return frozen.Frozen;
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<string>> WriteReportAsync(string run)
    {
        await CommandAsync(new RunCommands.WriteReport(run), ReportWithin);
        var folder = _context.Data.Run(run);
        return [folder.Report, folder.Summary, folder.Quarantine];
    }

    /// <inheritdoc/>
    public async Task<RunExport> ExportAsync(string run, CancellationToken cancellation)
    {
        var progress = await RequireAsync(run);
        var ids = await _reader.AskAsync(
            run, progress.StartedAt, v => v.Manifest.Take(v.State.Statuses.Length).Where((_, i) => v.State.Status(i) == Runs.VideoStatus.Completed).Select(l => l.Id).ToList(), cancellation);
        if (ids.Count == 0)
        {
            throw new RunRequestException($"Run '{run}' has no completed video yet: there is nothing to export.");
        }

        var folder = _context.Data.Run(run);
        return await OwnThread.Run(() =>
        {
            _context.Data.RequirePresent();
            var rows = 0L;
            using var file = AtomicFile.PrepareAsync(folder.Export, async stream => rows = await MergedParquet.WriteAsync(stream, ids.Select(id => (id, Predictions(folder, id))), cancellation))
                .GetAwaiter().GetResult();
            file.Commit();
            return new RunExport(folder.Export, ids.Count, rows);
        });
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(string run)
    {
        await CommandAsync(new RunCommands.DeleteRun(run));
        await InsistAsync<RunCommands.RunForgotten>(_actors.Catalog, new RunCommands.ForgetRun(run));
        await _state.RemoveRunAsync(run, CancellationToken.None);
        var folder = _context.Data.Run(run).Root;
        await OwnThread.Run(() =>
        {
            _context.Data.RequirePresent();
            RemoveFolder(folder);
        });
        // Whatever asked for it meanwhile has woken it with what was not yet removed.
        await AskAsync<RunCommands.RunAnswered>(_actors.Runs, new RunCommands.DeleteRun(run), AskTimeout);
    }

    private static FramePredictions Predictions(RunDirectory folder, string id)
    {
        try
        {
            return RunPredictions.Read(folder, id) ?? throw Unreadable("they are not there", null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PredictionFormatException)
        {
            throw Unreadable(e.Message, e);
        }

        EnvironmentFaultException Unreadable(string why, Exception? inner) =>
            new("export", $"The predictions of video '{id}' in '{folder.Predictions}' cannot be read: {why.TrimEnd('.')}.", "Restore the file, or run its inputs again under another name: stored features are used again.", inner);
    }

    private static void RemoveFolder(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // An earlier attempt came as far.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EnvironmentFaultException("store", $"The folder '{folder}' cannot be removed: {e.Message.TrimEnd('.')}.", "The run is no longer listed; remove the folder by hand.", e);
        }
    }

    private async Task<int> CommandAsync(IRunMessage command, TimeSpan? within = null)
    {
        await RequireAsync(command.Run);
        var answer = await AskAsync<RunCommands.RunAnswered>(_actors.Runs, command, within ?? CommandWithin);
        return answer switch
        {
            { Fault: { } fault } => throw fault.ToException(),
            { Refusal.Length: > 0 } => throw new RunRequestException(answer.Refusal),
            _ => answer.Videos,
        };
    }

    /// <summary>How far a run is that must be there.</summary>
    private async Task<RunQueries.RunProgress> RequireAsync(string run)
    {
        if (RunName.IsValid(run) && await ProgressAsync(run) is { Registered: > 0 } progress)
        {
            return progress;
        }

        throw Unknown("run", run, NearestNames.Find(run, (await RunsAsync()).Select(r => r.Name), NearestListed));
    }

    private async Task<int> IndexAsync(RunQueries.RunProgress progress, string video, string? cause)
    {
        var row = await LookAsync(progress, video, (view, index) => VideoList.Row(view, null, index, 0));
        return cause is null || VideoList.IsBecauseOf(row.Cause, row.Stage, cause)
            ? row.Index
            : throw new RunRequestException($"Video '{video}' is {row.State.ToString().ToLowerInvariant()}{(row.Cause.Length > 0 ? $", because of '{row.Cause}'" : "")}: '{cause}' is not why.");
    }

    /// <summary>Looks at a video that must be there.</summary>
    private async Task<T> LookAsync<T>(RunQueries.RunProgress progress, string video, Func<RunView, int, T> look)
    {
        var (found, seen, nearest) = await _reader.AskAsync(progress.Run, progress.StartedAt, view => view.IndexOf(video) is var index && index >= 0
            ? (true, look(view, index), ImmutableArray<string>.Empty)
            : (false, default(T), NearestNames.Find(video, view.Manifest.Select(l => l.Id), NearestListed)));
        return found ? seen! : throw Unknown("video", video, nearest);
    }

    private static RunRequestException Unknown(string what, string name, ImmutableArray<string> nearest) =>
        new(nearest.IsEmpty ? $"There is no {what} '{name}'." : $"There is no {what} '{name}'. The nearest: {string.Join(", ", nearest)}.", nearest: nearest);
}
