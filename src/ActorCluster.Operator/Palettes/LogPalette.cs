using System.Runtime.CompilerServices;
using ActorCluster.Processing.Hosting;
using Serilog.Events;

namespace ActorCluster.Operator.Palettes;

/// <summary>The palette <c>log</c>: this node's log.</summary>
/// <param name="log">The log.</param>
/// <param name="runs">The cluster, which keeps the record of commands.</param>
public sealed class LogPalette(LogFeed log, IRunService runs) : ICommandHandler
{
    private const int MostCommands = 500;

    /// <inheritdoc/>
    public CommandPalette Palette { get; } = new("log", "The log of this node, and the cluster's record of commands.",
    [
        new CommandDefinition("tail", "Follows what this node logs until it is interrupted.", []),
        new CommandDefinition("level", "Tells from which level on this node logs, or changes it until it is started again.",
            [new CommandArgument("level", "The least level that is logged.", ArgumentKind.Choice) { IsPositional = true, Values = ["information", "warning", "error"] }])
        {
            Changes = true,
        },
        new CommandDefinition("audit", "Lists the commands that changed something, the newest first: who gave them, when, and where.",
            [CommonArguments.Take(usual: 50, MostCommands)]),
    ]);

    /// <inheritdoc/>
    public async IAsyncEnumerable<CommandAnswer> RunAsync(CommandCall call, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (call.Command.Name == "audit")
        {
            foreach (var audited in await runs.AuditedAsync((int)call.Number("take")!).WaitAsync(cancellation))
            {
                yield return new CommandAnswer.Row(
                [
                    new("at", new DateTime(audited.At, DateTimeKind.Utc).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'")),
                    new("who", audited.Who),
                    new("node", audited.Node),
                    new("command", $"{audited.Palette} {audited.Command}"),
                    new("arguments", audited.Arguments),
                ]);
            }

            yield break;
        }

        if (call.Command.Name == "level")
        {
            var before = Name(log.Level.MinimumLevel);
            if (call.Text("level") is not { } wanted)
            {
                yield return new CommandAnswer.Line($"This node logs from level {before} on.");
                yield break;
            }

            log.Level.MinimumLevel = Enum.Parse<LogEventLevel>(wanted, ignoreCase: true);
            yield return new CommandAnswer.Line($"This node logs from level {wanted} on; it was {before}.");
            yield break;
        }

        await foreach (var line in log.FollowAsync(cancellation))
        {
            yield return new CommandAnswer.Line(line);
        }
    }

    private static string Name(LogEventLevel level) => level.ToString().ToLowerInvariant();
}
