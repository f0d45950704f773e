using System.Collections.Immutable;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Formats;
using ActorCluster.Core.Manifests;
using ActorCluster.Processing.Inference;
using ActorCluster.Processing.Reporting;
using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Videos;
using Akka.Actor;

namespace ActorCluster.Processing.Hosting;

/// <summary>
/// Runs of one uploaded video. The catalogue does not know them: whoever waits for one drives it, so that lists show none, and one that nobody waits for any more
/// is not begun again after its node has died.
/// </summary>
public sealed partial class ClusterNode
{
    private static readonly TimeSpan Drives = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LooksForEnd = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LooksForRest = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Straggling = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public async Task<PredictionEnd> PredictAsync(RunRequest request, CancellationToken cancellation)
    {
        if (request is not { Run: { } run, Inputs: [var input] } || !PredictionRun.IsName(run))
        {
            throw new ArgumentException("A prediction has one input and a name of its own.", nameof(request));
        }

        var spec = (await FreezeAsync(new RunCommands.FreezeRun(request)).WaitAsync(cancellation)).Spec;
        _actors.Runs.Tell(new RunCommands.DriveRun(spec));
        // Nobody waits for the other runs as one does for this. One that is over already needs it no more.
        await AskAsync<RunCommands.RunAnswered>(_actors.Runs, new RunCommands.PrioritiseRun(run, IRunService.LargestPriority), CommandWithin).WaitAsync(cancellation);
        var progress = await EndAsync(spec, cancellation);
        var video = VideoIds.ForFile(Path.GetFileName(input), _ => false);
        if (progress.Completed > 0)
        {
            return new PredictionEnd(video, "", "");
        }

        VideoOutcome? outcome = null;
        await RunJournal.ReadAsync(_system, run, 0, (happened, _) => outcome = happened is RunEvents.VideosFinished { Outcomes: [.., var last] } ? last : outcome);
        return outcome is { Completed: false }
            ? new PredictionEnd(video, outcome.Stage, outcome.Cause)
            : throw new EnvironmentFaultException("run", "An operator has given the video up.", "Send it again.");
    }

    /// <inheritdoc/>
    public async Task DiscardAsync(string run, CancellationToken cancellation)
    {
        if (!PredictionRun.IsName(run))
        {
            throw new ArgumentException($"'{run}' is not a prediction's run.", nameof(run));
        }

        while (true)
        {
            try
            {
                var progress = await ProgressAsync(run).WaitAsync(cancellation);
                if (progress.Registered == 0)
                {
                    await RemoveUnknownAsync(run);
                    return;
                }

                if (!progress.IsCompleted)
                {
                    await CancelAsync(run);
                }
                else if (progress.Quarantined > 0)
                {
                    await Task.Delay(Straggling, cancellation); // What else it had in flight says that it is given up, and would be written to what is removed.
                }

                await DeleteAsync(run);
                return;
            }
            catch (RunRequestException)
            {
                await Task.Delay(LooksForRest, cancellation); // It has ended meanwhile, or something of it is not at rest yet.
            }
        }
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<CompletedVideo>> CompletedAsync(string run, CancellationToken cancellation)
    {
        await RequireAsync(run);
        var hashes = new SortedDictionary<int, string>();
        await RunJournal.ReadAsync(_system, run, 0, (happened, _) =>
        {
            cancellation.ThrowIfCancellationRequested();
            switch (happened)
            {
                case RunEvents.VideosFinished e:
                    foreach (var outcome in e.Outcomes.Where(o => o.Completed))
                    {
                        hashes[outcome.Index] = outcome.ContentHash;
                    }

                    break;
                case RunEvents.RunExtended e:
                    foreach (var changed in e.Changed)
                    {
                        hashes.Remove(changed.Index);
                    }

                    break;
            }
        });
        return await OwnThread.Run(() =>
        {
            var manifest = FrozenManifest.Read(_context.Data.Run(run).Manifest, expectedHash: null);
            return hashes.Where(h => h.Key < manifest.Count).Select(h => new CompletedVideo(manifest[h.Key].Id, h.Value, manifest[h.Key].Labels)).ToImmutableArray();
        });
    }

    /// <summary>Keeps a run going until every video of it has ended.</summary>
    private async Task<RunQueries.RunProgress> EndAsync(RunSpec spec, CancellationToken cancellation)
    {
        using var look = new PeriodicTimer(LooksForEnd);
        for (var driven = Environment.TickCount64; ;)
        {
            await look.WaitForNextTickAsync(cancellation);
            if (Environment.TickCount64 - driven > Drives.TotalMilliseconds)
            {
                driven = Environment.TickCount64;
                _actors.Runs.Tell(new RunCommands.DriveRun(spec)); // What was lost with a node wakes elsewhere.
            }

            var progress = await ProgressOrNothingAsync(spec.Name, cancellation);
            if (progress is { IsCompleted: true })
            {
                return progress;
            }

            if (progress is { PausedReason.Length: > 0 })
            {
                throw new EnvironmentFaultException("run", progress.PausedReason, "Then send the video again.");
            }
        }
    }

    private async Task<RunQueries.RunProgress?> ProgressOrNothingAsync(string run, CancellationToken cancellation)
    {
        try
        {
            return await ProgressAsync(run).WaitAsync(cancellation);
        }
        catch (EnvironmentFaultException)
        {
            return null; // It may be on its way to another node: the asker's time limit decides.
        }
    }

    /// <summary>A run that was frozen and not begun, or whose removal a death has stopped, is a folder, and an actor that was woken to say so.</summary>
    private async Task RemoveUnknownAsync(string run)
    {
        await OwnThread.Run(() =>
        {
            _context.Data.RequirePresent();
            RemoveFolder(_context.Data.Run(run).Root);
        });
        await AskAsync<RunCommands.RunAnswered>(_actors.Runs, new RunCommands.DeleteRun(run), AskTimeout);
    }
}
