using System.Runtime.CompilerServices;
using Serilog.Events;

namespace ActorCluster.Operator.Palettes;

/// <summary>The palette <c>log</c>: this node's log.</summary>
/// <param name="log">The log.</param>
public sealed class LogPalette(LogFeed log) : ICommandHandler
{
    /// <inheritdoc/>
    public CommandPalette Palette { get; } = new("log", "The log of this node.",
    [
        new CommandDefinition("tail", "Follows what this node logs until it is interrupted.", []),
        new CommandDefinition("level", "Tells from which level on this node logs, or changes it until it is started again.",
            [new CommandArgument("level", "The least level that is logged.", ArgumentKind.Choice) { IsPositional = true, Values = ["debug", "information", "warning", "error"] }])
        {
            Changes = true,
        },
    ]);

    /// <inheritdoc/>
    public async IAsyncEnumerable<CommandAnswer> RunAsync(CommandCall call, [EnumeratorCancellation] CancellationToken cancellation)
    {
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
