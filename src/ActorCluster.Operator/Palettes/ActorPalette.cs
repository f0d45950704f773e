using System.Runtime.CompilerServices;
using ActorCluster.Processing.Control;

namespace ActorCluster.Operator.Palettes;

/// <summary>The palette <c>actor</c>: this node's actor system.</summary>
/// <param name="control">The cluster, through this node.</param>
public sealed class ActorPalette(IClusterControl control) : ICommandHandler
{
    private const int Deepest = 20;
    private const int MostRows = 2_000;

    /// <inheritdoc/>
    public CommandPalette Palette { get; } = new("actor", "The actor system of this node.",
    [
        new CommandDefinition("system", "Tells versions, uptime, dispatchers and scheduler.", []),
        new CommandDefinition("hierarchy", "Lists the actors as a tree, with the messages that wait in their mailboxes.",
        [
            new CommandArgument("depth", "How deep to go.", ArgumentKind.Number) { Default = "3", Least = 0, Greatest = Deepest },
            CommonArguments.Take(usual: 200, MostRows),
        ]),
    ]);

    /// <inheritdoc/>
    public async IAsyncEnumerable<CommandAnswer> RunAsync(CommandCall call, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (call.Command.Name == "system")
        {
            var system = control.System;
            yield return new CommandAnswer.Item(
            [
                new("name", system.Name),
                new("address", system.Address),
                new("version", system.Version),
                new("akka", system.AkkaVersion),
                new("runtime", system.Runtime),
                new("uptime_seconds", Figures.Seconds(system.UptimeSeconds)),
                new("scheduler", system.Scheduler),
                new("dispatchers", system.Dispatchers.ToArray()),
                new("pool_threads", system.ThreadPoolThreads),
                new("pool_queue", system.ThreadPoolQueue),
            ]);
            yield break;
        }

        // The tree is walked from the root, which a thread of the pool does; it takes milliseconds for thousands of actors.
        var (actors, leftOut) = await Task.Run(() => control.Actors((int)call.Number("depth")!, (int)call.Number("take")!), cancellation);
        foreach (var actor in actors)
        {
            yield return new CommandAnswer.Row(
            [
                new("actor", new string(' ', 2 * actor.Depth) + actor.Path[(actor.Path.LastIndexOf('/') + 1)..]),
                new("class", actor.Type),
                new("children", actor.Children),
                new("mailbox", actor.Mailbox),
                new("path", actor.Path),
            ]);
        }

        if (leftOut > 0)
        {
            yield return new CommandAnswer.Line($"{leftOut} more actors are deeper, or beyond the number asked for");
        }
    }
}
