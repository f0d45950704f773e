using System.Collections.Immutable;

namespace ActorCluster.Operator.Palettes;

/// <summary>What the last word of a command that is being typed could become.</summary>
/// <param name="Words">Words that it could become, whatever it is so far.</param>
/// <param name="Kind">What it is a value of, if of something whose values are the cluster's or the file system's to know; else null.</param>
public sealed record CommandCompletion(ImmutableArray<string> Words, ArgumentKind? Kind = null)
{
    /// <summary>Completes.</summary>
    /// <param name="palettes">The palettes that there are.</param>
    /// <param name="words">The words so far, the last one unfinished and perhaps empty; at least one.</param>
    /// <param name="own">First words that are the client's own; <c>help</c> among them takes a palette and a command.</param>
    public static CommandCompletion Of(IReadOnlyList<CommandPalette> palettes, IReadOnlyList<string> words, IEnumerable<string> own)
    {
        var isHelp = words is ["help", _, ..];
        IReadOnlyList<string> typed = isHelp ? [.. words.Skip(1)] : words;
        if (typed.Count == 1)
        {
            return new([.. isHelp ? [] : own, .. palettes.Select(p => p.Name)]);
        }

        var palette = palettes.FirstOrDefault(p => p.Name == typed[0]);
        return typed.Count == 2 ? new([.. palette?.Commands.Select(c => c.Name) ?? []])
            : isHelp || palette?.Commands.FirstOrDefault(c => c.Name == typed[1]) is not { } command ? new([])
            : OfArguments(command, [.. typed.Skip(2)]);
    }

    private static CommandCompletion OfArguments(CommandDefinition command, ImmutableArray<string> words)
    {
        var open = new Queue<CommandArgument>(command.Arguments.Where(a => a.IsPositional));
        var used = new HashSet<CommandArgument>();
        CommandArgument? awaited = null;
        foreach (var word in words.SkipLast(1))
        {
            if (awaited is not null)
            {
                awaited = null;
            }
            else if (word.StartsWith('-') && ArgumentRules.Find(command, word) is { } named)
            {
                used.Add(named);
                awaited = named.Kind == ArgumentKind.Flag ? null : named;
            }
            else if (open.TryPeek(out var next) && !next.AllowsMultiple)
            {
                open.Dequeue();
            }
        }

        if (awaited is not null)
        {
            return OfValue(awaited);
        }

        var switches = ArgumentRules.ArgumentsOf(command).Where(a => !a.IsPositional && (a.AllowsMultiple || !used.Contains(a))).Select(a => a.Switches[0]);
        return !words[^1].StartsWith('-') && open.TryPeek(out var place) ? OfValue(place) : new([.. switches]);
    }

    private static CommandCompletion OfValue(CommandArgument argument) => new(
        argument.Values, argument.Kind is ArgumentKind.Run or ArgumentKind.Node or ArgumentKind.Path ? argument.Kind : null);
}
