using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Formats;
using ActorCluster.Processing.Hosting;

namespace ActorCluster.Operator.Palettes;

/// <summary>Carries out commands for whatever transport brought them: refuses dangerous ones that nobody has confirmed, and has those recorded that change something.</summary>
/// <param name="registry">The palettes.</param>
/// <param name="service">The cluster, which keeps the record.</param>
public sealed class CommandRunner(PaletteRegistry registry, IRunService service)
{
    private const int LongestWho = 200;

    /// <summary>The palettes.</summary>
    public ImmutableArray<CommandPalette> Palettes => registry.Palettes;

    /// <summary>Why a command is not done as it was given; null when it may be done.</summary>
    public static string? Refusal(CommandCall call) => call.Command.Danger is { } danger && !call.Has(CommandDefinition.Yes.Name)
        ? $"{call.Palette} {call.Command.Name}: {danger} Nothing was done; give {CommandDefinition.Yes.Switches[0]} if that is meant."
        : null;

    /// <summary>Names who gives a command, as far as that is known.</summary>
    /// <param name="claimed">What the client says of itself, such as <c>user@host</c>; anything, and not to be trusted.</param>
    /// <param name="from">Where the command comes from.</param>
    public static string Who(string? claimed, string from)
    {
        var name = TerminalText.OneLine(claimed ?? "").Trim();
        var room = LongestWho - from.Length - " ()".Length;
        return name.Length == 0 ? from : $"{(name.Length <= room ? name : name[..(room - 1)] + "…")} ({from})";
    }

    /// <summary>Does what a command says.</summary>
    /// <inheritdoc cref="ICommandHandler.RunAsync" path="/exception"/>
    public async IAsyncEnumerable<CommandAnswer> RunAsync(CommandCall call, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (Refusal(call) is { } refusal)
        {
            throw new CommandRefusedException(refusal);
        }

        if (call.Command.Changes)
        {
            await service.AuditAsync(call.Who, call.Palette, call.Command.Name, Words(call));
        }

        await foreach (var answer in registry.HandlerOf(call.Palette).RunAsync(call, cancellation).WithCancellation(cancellation))
        {
            yield return answer;
        }
    }

    /// <summary>The arguments as they could be typed, defaults included.</summary>
    private static string Words(CommandCall call) => string.Join(
        ' ',
        call.Arguments.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"-{a.Key}{string.Concat(a.Value.Select(v => " " + CommandTokenizer.Quote(TerminalText.OneLine(v))))}"));
}
