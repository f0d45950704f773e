using ActorCluster.Core.Formats;

namespace ActorCluster.Operator.Palettes;

/// <summary>What values the arguments of commands take.</summary>
internal static class ArgumentRules
{
    /// <summary>The most characters of a value.</summary>
    public const int LongestValue = 4096;

    private const int LongestQuote = 60;

    /// <summary>What a command takes: its own arguments, and the answer to its question if it is dangerous.</summary>
    public static IEnumerable<CommandArgument> ArgumentsOf(CommandDefinition command) =>
        command.Danger is null || command.Arguments.Any(a => a.Name == CommandDefinition.Yes.Name) ? command.Arguments : command.Arguments.Append(CommandDefinition.Yes);

    /// <summary>The argument that a name or a switch stands for; null for none. One hyphen and two are the same.</summary>
    public static CommandArgument? Find(CommandDefinition command, string nameOrSwitch)
    {
        var name = nameOrSwitch.TrimStart('-');
        return ArgumentsOf(command).FirstOrDefault(a => a.Name == nameOrSwitch || (nameOrSwitch.StartsWith('-') && a.Switches.Any(s => s.TrimStart('-') == name)));
    }

    /// <summary>How an argument is called in a problem.</summary>
    public static string NameOf(CommandArgument argument) => argument.IsPositional ? CommandHelp.Placeholder(argument) : argument.Switches[0];

    /// <summary>A text of the asker's, made fit to be shown to him again.</summary>
    public static string Quote(string text) => $"'{TerminalText.OneLine(text.Length <= LongestQuote ? text : text[..LongestQuote] + "…")}'";

    /// <summary>A sentence's end that names what was probably meant, if anything.</summary>
    public static string Nearest(string given, IEnumerable<string> known) => NearestNames.Find(given, known) is [var nearest] ? $"; the nearest is '{nearest}'" : "";

    /// <summary>What is wrong with a value; null for nothing.</summary>
    public static string? Wrong(CommandArgument argument, string value)
    {
        if (value.Length > LongestValue)
        {
            return $"{NameOf(argument)}: a value has at most {LongestValue} characters.";
        }

        return argument.Kind switch
        {
            ArgumentKind.Text => value.Any(char.IsControl) ? Is(argument, value, "no text without control characters") : null,
            ArgumentKind.Number => long.TryParse(value, out var n) && n >= argument.Least && n <= argument.Greatest ? null : Is(argument, value, $"no whole number{Bounds(argument)}"),
            ArgumentKind.Flag => $"{NameOf(argument)} takes no value.",
            ArgumentKind.Size => ByteSize.TryParse(value, out _) ? null : Is(argument, value, "no size in bytes, such as 500M or 20G"),
            ArgumentKind.Choice => argument.Values.Contains(value) ? null : Is(argument, value, $"none of {string.Join(", ", argument.Values)}", Nearest(value, argument.Values)),
            ArgumentKind.Run => RunName.IsValid(value)
                ? null
                : Is(argument, value, $"no run's name: 1 to {RunName.Longest} letters, digits, '.', '_' and '-', beginning with a letter, digit or '_'"),
            ArgumentKind.Node => OperatorClient.IsNode(value) ? null : Is(argument, value, "no node's address; give it as host:port"),
            ArgumentKind.Path => IsPath(value) || argument.Values.Contains(value) ? null : WrongPath(argument, value),
            _ => throw new ArgumentOutOfRangeException(nameof(argument), argument.Kind, "There is no such kind of argument."),
        };
    }

    /// <summary>" from 1 to 9" or what there is of it.</summary>
    public static string Bounds(CommandArgument argument) => (argument.Least, argument.Greatest) switch
    {
        (long.MinValue, long.MaxValue) => "",
        (var least, long.MaxValue) => $" of at least {least}",
        (long.MinValue, var greatest) => $" of at most {greatest}",
        var (least, greatest) => $" from {least} to {greatest}",
    };

    private static string WrongPath(CommandArgument argument, string value) => argument.Values.IsEmpty
        ? Is(argument, value, "no full path")
        : Is(argument, value, $"neither a full path nor one of {string.Join(", ", argument.Values)}", Nearest(value, argument.Values));

    private static bool IsPath(string value) => !value.Contains('\0', StringComparison.Ordinal) && Path.IsPathFullyQualified(value);

    private static string Is(CommandArgument argument, string value, string what, string more = "") => $"{NameOf(argument)}: {Quote(value)} is {what}{more}.";
}
