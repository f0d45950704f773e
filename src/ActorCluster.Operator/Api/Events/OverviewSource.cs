using System.Collections.Immutable;
using ActorCluster.Core.Faults;
using ActorCluster.Operator.Explaining;
using ActorCluster.Processing.Control;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Runs;

namespace ActorCluster.Operator;

/// <summary>Looks at all runs and nodes. A run that does not answer soon is told as it was last.</summary>
/// <param name="service">The node.</param>
internal sealed class OverviewSource(Func<IRunService> service) : IEventSource
{
    private const int MostEnded = 50;
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(1);
    private readonly Dictionary<string, Known> _known = new(StringComparer.Ordinal);
    private readonly ExplanationClock _clock = new();

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ServerEvent>?> LookAsync(CancellationToken cancellation)
    {
        var cluster = service();
        var (listing, standing) = (cluster.RunsAsync(), cluster.Control.NodesAsync());
        var (all, nodes) = (await listing, await standing);
        var left = MostEnded;
        var runs = all.Where(r => !r.Ended || left-- > 0).ToList();
        var explains = _clock.IsDue();
        await Task.WhenAll(runs.Where(r => !r.Ended).Select(r => LookAsync(cluster, KnownOf(r.Name), r.Name, nodes, explains, cancellation)));
        foreach (var gone in _known.Keys.Except(runs.Where(r => !r.Ended).Select(r => r.Name)).ToList())
        {
            _known.Remove(gone);
        }

        ImmutableArray<OverviewRun> told = [.. runs.Select(r => _known.GetValueOrDefault(r.Name) is { } known ? OverviewRun.Of(r, known.Pace, known.Explanation) : OverviewRun.Of(r, null, null))];
        return [ServerEvent.State("overview", new Overview(told, [.. NodeAnswer.Of(nodes).Select(n => n.AtAGlance())]))];
    }

    private static async Task LookAsync(IRunService cluster, Known known, string run, ImmutableArray<NodeStanding> nodes, bool explains, CancellationToken cancellation)
    {
        try
        {
            known.Pace = await cluster.Control.PaceAsync(run).WaitAsync(AnswersWithin, cancellation);
            if (explains || known.Explanation is null)
            {
                var progress = await cluster.ProgressAsync(run).WaitAsync(AnswersWithin, cancellation);
                known.Explanation = progress.Registered == 0 ? null : RunExplanation.Of(new RunSituation(progress, known.Pace, nodes)).Lines;
            }
        }
        catch (Exception e) when (e is TimeoutException or EnvironmentFaultException)
        {
            // It is on its way to another node, perhaps.
        }
    }

    private Known KnownOf(string run)
    {
        if (!_known.TryGetValue(run, out var known))
        {
            _known[run] = known = new Known();
        }

        return known;
    }

    private sealed class Known
    {
        public RunPace? Pace { get; set; }

        public ImmutableArray<string>? Explanation { get; set; }
    }
}
