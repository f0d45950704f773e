using ActorCluster.Operator.Explaining;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Runs;

namespace ActorCluster.Operator;

/// <summary>Looks at one run.</summary>
/// <param name="service">The node.</param>
/// <param name="run">The run.</param>
internal sealed class RunSource(Func<IRunService> service, string run) : IEventSource
{
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromMilliseconds(500);
    private readonly ExplanationClock _clock = new();
    private Task<RunHappenings>? _asking;
    private long? _known;
    private object? _mark;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ServerEvent>?> LookAsync(CancellationToken cancellation)
    {
        var cluster = service();
        var (progressing, pacing) = (cluster.ProgressAsync(run), cluster.Control.PaceAsync(run));
        var (progress, pace) = (await progressing, await pacing);
        if (progress.Registered == 0)
        {
            return null;
        }

        var events = new List<ServerEvent> { ServerEvent.State("progress", new RunNow(progress, pace)) };
        if (_clock.IsDue())
        {
            events.Add(ServerEvent.State("explanation", new ExplanationNow(RunExplanation.Of(new RunSituation(progress, pace, await cluster.Control.NodesAsync())).Lines)));
        }

        events.AddRange(await HappenedAsync(cluster, progress, cancellation));
        return events;
    }

    /// <summary>What is new. The history of a long run takes some seconds to be read for the first time; how it stands is told meanwhile.</summary>
    private async Task<IEnumerable<ServerEvent>> HappenedAsync(IRunService cluster, RunQueries.RunProgress progress, CancellationToken cancellation)
    {
        if (_asking is null)
        {
            // Whatever is told of changes one of these.
            var mark = (progress.Registered, progress.Completed, progress.Quarantined, progress.Cancelled, progress.Phase, progress.PausedReason, progress.StartedAt, progress.EndedAt);
            if (mark.Equals(_mark) && _known is not null)
            {
                return [];
            }

            _mark = mark;
            _asking = cluster.HappenedAsync(run, _known);
        }

        await Task.WhenAny(_asking, Task.Delay(AnswersWithin, cancellation));
        if (!_asking.IsCompleted)
        {
            return [];
        }

        var asked = _asking;
        _asking = null;
        RunHappenings happened;
        try
        {
            happened = await asked;
        }
        catch
        {
            _mark = null; // To be asked again.
            throw;
        }

        _known = happened.Count;
        var news = happened.New.Select(h => ServerEvent.News("happened", h));
        return happened.LeftOut > 0 ? news.Prepend(ServerEvent.News("happened", LeftOutNow.Of(happened.LeftOut))) : news;
    }
}
