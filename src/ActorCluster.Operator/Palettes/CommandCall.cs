using System.Collections.Immutable;
using System.Globalization;

namespace ActorCluster.Operator.Palettes;

/// <summary>A command with arguments that were checked against its definition: handlers need not check them again.</summary>
/// <param name="Palette">The palette's name.</param>
/// <param name="Command">The command.</param>
/// <param name="Arguments">The values by the arguments' names, defaults included; a flag that was given has no value.</param>
/// <param name="Who">Who gives it, as far as that is known: for the record of what was commanded.</param>
public sealed record CommandCall(string Palette, CommandDefinition Command, ImmutableDictionary<string, ImmutableArray<string>> Arguments, string Who)
{
    /// <summary>Whether a flag, or any other argument, was given or has a default.</summary>
    public bool Has(string argument) => Arguments.ContainsKey(argument);

    /// <summary>The value of a text; null where it was not given and has no default.</summary>
    public string? Text(string argument) => Arguments.TryGetValue(argument, out var values) && !values.IsEmpty ? values[0] : null;

    /// <summary>The value of an argument that is mandatory or has a default.</summary>
    public string Needed(string argument) => Text(argument) ?? throw new ArgumentException($"Command {Command.Name} has no value of {argument}.", nameof(argument));

    /// <summary>All values of an argument, none where it was not given.</summary>
    public ImmutableArray<string> Many(string argument) => Arguments.GetValueOrDefault(argument, []);

    /// <summary>The value of a number; null where it was not given and has no default.</summary>
    public long? Number(string argument) => Text(argument) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;
}
