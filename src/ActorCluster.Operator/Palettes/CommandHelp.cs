using System.Collections.Immutable;

namespace ActorCluster.Operator.Palettes;

/// <summary>Help in lines of text, made from the definitions.</summary>
public static class CommandHelp
{
    /// <summary>What palettes there are.</summary>
    public static IEnumerable<string> Palettes(IReadOnlyList<CommandPalette> palettes) =>
    [
        .. Aligned(palettes.Select(p => (p.Name, p.Description))),
        "",
        "Type 'help PALETTE' for its commands, 'help PALETTE COMMAND' for one of them.",
    ];

    /// <summary>What commands a palette has.</summary>
    public static IEnumerable<string> Palette(CommandPalette palette) =>
    [
        palette.Description,
        "",
        .. Aligned(palette.Commands.Select(c => ($"{palette.Name} {c.Name}", c.Description))),
    ];

    /// <summary>What a command does and takes.</summary>
    public static IEnumerable<string> Command(CommandPalette palette, CommandDefinition command)
    {
        yield return command.Description;
        yield return "";
        yield return $"Usage: {Usage(palette.Name, command)}";
        var arguments = ArgumentRules.ArgumentsOf(command).ToImmutableArray();
        if (!arguments.IsEmpty)
        {
            yield return "";
        }

        foreach (var line in Aligned(arguments.Select(a => (Typed(a), Explained(a)))))
        {
            yield return line;
        }

        if (command.Danger is not null)
        {
            yield return "";
            yield return $"Asks before it is done, on a terminal; elsewhere it needs {CommandDefinition.Yes.Switches[0]}.";
        }
    }

    /// <summary>How a command is typed, in a line: <c>run priority NAME PRIORITY [-yes]</c>.</summary>
    public static string Usage(string palette, CommandDefinition command) =>
        string.Join(' ', [palette, command.Name, .. ArgumentRules.ArgumentsOf(command).OrderBy(a => !a.IsPositional).ThenBy(a => !a.IsMandatory).Select(Used)]);

    /// <summary>What stands for a value: <c>NAME</c>, or the choice.</summary>
    internal static string Placeholder(CommandArgument argument) =>
        argument.Kind == ArgumentKind.Choice && argument.Values.Length > 0 ? string.Join('|', argument.Values) : argument.Name.ToUpperInvariant();

    private static string Used(CommandArgument argument)
    {
        var typed = argument.Kind == ArgumentKind.Flag ? argument.Switches[0] : argument.IsPositional ? Placeholder(argument) : $"{argument.Switches[0]} {Placeholder(argument)}";
        var optional = argument.IsMandatory ? typed : $"[{typed}]";
        return argument.AllowsMultiple ? optional + "..." : optional;
    }

    private static string Typed(CommandArgument argument)
    {
        var switches = string.Join(", ", argument.Switches);
        return argument.Kind == ArgumentKind.Flag ? switches : argument.IsPositional ? $"{Placeholder(argument)} ({switches})" : $"{switches} {Placeholder(argument)}";
    }

    private static string Explained(CommandArgument argument)
    {
        string?[] parts =
        [
            argument.Description,
            argument.Kind == ArgumentKind.Number && ArgumentRules.Bounds(argument) is { Length: > 0 } bounds ? $"A number{bounds}." : null,
            argument.Kind == ArgumentKind.Size ? "In bytes, such as 500M or 20G." : null,
            argument.Kind == ArgumentKind.Path && !argument.Values.IsEmpty ? $"A path, or one of {string.Join(", ", argument.Values)}." : null,
            argument.AllowsMultiple ? "May be given several times." : null,
            argument.Default is { } value ? $"By default {value}." : null,
        ];
        return string.Join(' ', parts.OfType<string>());
    }

    private static IEnumerable<string> Aligned(IEnumerable<(string Left, string Right)> rows)
    {
        var all = rows.ToList();
        var width = all.Select(r => r.Left.Length).DefaultIfEmpty().Max();
        return all.Select(r => $"  {r.Left.PadRight(width)}  {r.Right}");
    }
}
