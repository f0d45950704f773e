using System.Collections.Immutable;
using ActorCluster.Core.Formats;

namespace ActorCluster.Operator.Palettes;

/// <summary>
/// Reads commands: <c>[palette] [command] [value …] [-switch value …]</c>. One hyphen and two are the same, <c>-switch=value</c> is understood, and <c>--</c>
/// ends the switches. Everything that is wrong is told, with what was probably meant.
/// </summary>
public static class CommandParser
{
    /// <summary>What a command takes: its own arguments, and the answer to its question if it is dangerous.</summary>
    public static IEnumerable<CommandArgument> ArgumentsOf(CommandDefinition command) => ArgumentRules.ArgumentsOf(command);

    /// <summary>Reads a command as it was typed.</summary>
    /// <param name="palettes">The palettes that there are.</param>
    /// <param name="words">The words, quotes taken off.</param>
    /// <param name="who">Who gives it.</param>
    /// <param name="absolute">Makes a path absolute; null where none of the asker's folders is known.</param>
    public static ParsedCommand Parse(IReadOnlyList<CommandPalette> palettes, IReadOnlyList<string> words, string who, Func<string, string>? absolute = null)
    {
        var (palette, command, unknown) = Find(palettes, words.ElementAtOrDefault(0), words.ElementAtOrDefault(1));
        if (unknown is not null)
        {
            return unknown;
        }

        var reading = new Reading(palette!.Name, command!);
        reading.Words([.. words.Skip(2)], absolute);
        return reading.End(who);
    }

    /// <summary>Checks a command whose values are told apart already.</summary>
    /// <param name="palettes">The palettes that there are.</param>
    /// <param name="palette">The palette's name.</param>
    /// <param name="command">The command's name.</param>
    /// <param name="values">The values.</param>
    /// <param name="who">Who gives it.</param>
    public static ParsedCommand Check(IReadOnlyList<CommandPalette> palettes, string palette, string command, IEnumerable<CommandValue> values, string who)
    {
        var (_, definition, unknown) = Find(palettes, palette, command);
        if (unknown is not null)
        {
            return unknown;
        }

        var reading = new Reading(palette, definition!);
        foreach (var (name, value) in values)
        {
            reading.Add(name, value);
        }

        return reading.End(who);
    }

    private static (CommandPalette? Palette, CommandDefinition? Command, ParsedCommand? Unknown) Find(IReadOnlyList<CommandPalette> palettes, string? palette, string? command)
    {
        var names = string.Join(", ", palettes.Select(p => p.Name));
        if (palettes.FirstOrDefault(p => p.Name == palette) is not { } found)
        {
            var problem = palette is null ? "There is no command." : $"There is no palette {ArgumentRules.Quote(palette)}{ArgumentRules.Nearest(palette, palettes.Select(p => p.Name))}.";
            return (null, null, new ParsedCommand(null, [problem], $"Palettes: {names}."));
        }

        if (found.Commands.FirstOrDefault(c => c.Name == command) is not { } definition)
        {
            var commands = found.Commands.Select(c => c.Name).ToList();
            var problem = command is null
                ? $"The palette '{found.Name}' needs a command."
                : $"There is no command {ArgumentRules.Quote(command)} in the palette '{found.Name}'{ArgumentRules.Nearest(command, commands)}.";
            return (found, null, new ParsedCommand(null, [problem], $"Commands of {found.Name}: {string.Join(", ", commands)}."));
        }

        return (found, definition, null);
    }

    /// <summary>A command that is being read.</summary>
    private sealed class Reading(string palette, CommandDefinition command)
    {
        private readonly Dictionary<string, List<string>> _values = [];
        private readonly List<string> _problems = [];

        public void Words(IReadOnlyList<string> words, Func<string, string>? absolute)
        {
            var loose = new List<string>();
            for (var i = 0; i < words.Count; i++)
            {
                if (words[i] == "--")
                {
                    loose.AddRange(words.Skip(i + 1));
                    break;
                }

                if (!IsSwitch(words[i]))
                {
                    loose.Add(words[i]);
                    continue;
                }

                var (name, value) = words[i].IndexOf('=', StringComparison.Ordinal) is var equals && equals > 0 ? (words[i][..equals], words[i][(equals + 1)..]) : (words[i], null);
                var known = ArgumentRules.Find(command, name);
                var argument = known ?? Unknown(name);
                if (value is null && argument is not { Kind: ArgumentKind.Flag } && i + 1 < words.Count && words[i + 1] != "--" && !IsSwitch(words[i + 1]))
                {
                    value = words[++i];
                }

                if (known is not null)
                {
                    Add(name, value is null ? null : Absolute(known, value, absolute));
                }
            }

            foreach (var (argument, word) in Place(loose))
            {
                Add(argument.Name, Absolute(argument, word, absolute));
            }
        }

        public void Add(string nameOrSwitch, string? value)
        {
            if (ArgumentRules.Find(command, nameOrSwitch) is not { } argument)
            {
                Unknown(nameOrSwitch);
                return;
            }

            var given = _values.TryGetValue(argument.Name, out var known) ? known : null;
            if (given is not null && !argument.AllowsMultiple)
            {
                _problems.Add($"{ArgumentRules.NameOf(argument)} is given more than once.");
                return;
            }

            given ??= _values[argument.Name] = [];
            if (value is not null && ArgumentRules.Wrong(argument, value) is { } wrong)
            {
                _problems.Add(wrong);
            }
            else if (value is null && argument.Kind != ArgumentKind.Flag)
            {
                _problems.Add($"{argument.Switches[0]} needs a value: {argument.Description}");
            }
            else if (value is not null)
            {
                given.Add(value);
            }
        }

        public ParsedCommand End(string who)
        {
            foreach (var argument in command.Arguments.Where(a => !_values.ContainsKey(a.Name)))
            {
                if (argument.Default is { } value)
                {
                    _values[argument.Name] = [value];
                }
                else if (argument.IsMandatory)
                {
                    _problems.Add($"{ArgumentRules.NameOf(argument)} is missing: {argument.Description}");
                }
            }

            var usage = $"Usage: {CommandHelp.Usage(palette, command)}";
            return _problems.Count > 0
                ? new ParsedCommand(null, [.. _problems], usage)
                : new ParsedCommand(new CommandCall(palette, command, _values.ToImmutableDictionary(v => v.Key, v => v.Value.ToImmutableArray()), who), [], usage);
        }

        /// <summary>Notes a switch that there is not.</summary>
        /// <returns>The argument that was probably meant: whether it takes a value tells what the next word is.</returns>
        private CommandArgument? Unknown(string name)
        {
            var switches = ArgumentRules.ArgumentsOf(command).SelectMany(a => a.Switches);
            var typed = "-" + name.TrimStart('-');
            _problems.Add($"{palette} {command.Name} has no switch {ArgumentRules.Quote(name)}{ArgumentRules.Nearest(typed, switches)}.");
            return NearestNames.Find(typed, switches) is [var nearest] ? ArgumentRules.Find(command, nearest) : null;
        }

        /// <summary>Gives words without a switch to the arguments that take them, in their order.</summary>
        private List<(CommandArgument Argument, string Word)> Place(List<string> loose)
        {
            var placed = new List<(CommandArgument, string)>();
            var open = new Queue<CommandArgument>(command.Arguments.Where(a => a.IsPositional && (a.AllowsMultiple || !_values.ContainsKey(a.Name))));
            foreach (var word in loose)
            {
                if (!open.TryPeek(out var argument))
                {
                    _problems.Add($"{ArgumentRules.Quote(word)} is one word too many.");
                    continue;
                }

                placed.Add((argument, word));
                if (!argument.AllowsMultiple)
                {
                    open.Dequeue();
                }
            }

            return placed;
        }

        /// <summary>A negative number is a value, unless a switch is called so.</summary>
        private bool IsSwitch(string word) => word.Length > 1 && word[0] == '-' && (!long.TryParse(word, out _) || ArgumentRules.Find(command, word) is not null);

        /// <summary>A path as a node can read it. Where there are names beside paths, a word that looks like a name stays one.</summary>
        private static string Absolute(CommandArgument argument, string value, Func<string, string>? absolute) =>
            argument.Kind != ArgumentKind.Path || absolute is null || value.Length == 0 || value.Contains('\0', StringComparison.Ordinal)
                || (!argument.Values.IsEmpty && !value.Contains('/', StringComparison.Ordinal) && !value.Contains('.', StringComparison.Ordinal))
                ? value
                : absolute(value);
    }
}
