using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ActorCluster.Operator.Explaining;
using ActorCluster.Processing.Control;
using ActorCluster.Processing.Hosting;

namespace ActorCluster.Operator.Palettes;

/// <summary><c>run explain</c>: what a run is doing, and why it is not faster, in five lines.</summary>
public static class ExplainCommand
{
    private const int Attempts = 4;

    /// <summary>The command.</summary>
    public static CommandDefinition Definition { get; } = new(
        "explain",
        "Tells in five lines what a run is doing, what binds it, how long it takes, which videos are slow, and what to change.",
        [CommonArguments.Run]);

    /// <summary>Explains a run.</summary>
    /// <param name="call">The command.</param>
    /// <param name="runs">The runs.</param>
    /// <param name="control">The cluster.</param>
    /// <param name="cancellation">The client has gone.</param>
    /// <exception cref="CommandRefusedException">There is no such run.</exception>
    /// <exception cref="Core.Faults.EnvironmentFaultException">The run does not answer.</exception>
    public static async IAsyncEnumerable<CommandAnswer> RunAsync(CommandCall call, IRunService runs, IClusterControl control, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var line in (await ExplainAsync(call.Needed("run"), runs, control).WaitAsync(cancellation)).Lines)
        {
            yield return new CommandAnswer.Line(line);
        }
    }

    /// <summary>The nodes. Where those that work are all too busy to answer they are asked again: without them nothing can be told.</summary>
    private static async Task<ImmutableArray<NodeStanding>> NodesAsync(IClusterControl control)
    {
        for (var attempt = 1; ; attempt++)
        {
            var nodes = await control.NodesAsync();
            var silent = nodes.Any(n => n is { Report: null, Member.IsReachable: true }) && nodes.All(n => n.Report?.Device is null);
            if (!silent || attempt == Attempts)
            {
                return nodes;
            }
        }
    }

    internal static async Task<RunExplanation> ExplainAsync(string run, IRunService runs, IClusterControl control)
    {
        var (progress, pace, nodes) = (runs.ProgressAsync(run), control.PaceAsync(run), NodesAsync(control));
        await Task.WhenAll(progress, pace, nodes);
        if ((await progress).Registered == 0)
        {
            throw await runs.NoSuchRunAsync(run);
        }

        return RunExplanation.Of(new RunSituation(await progress, await pace, await nodes));
    }
}
