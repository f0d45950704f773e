using System.Collections.Immutable;

namespace ActorCluster.Operator.Palettes;

/// <summary>What came of reading a command.</summary>
/// <param name="Call">The command; null when something is wrong with it.</param>
/// <param name="Problems">Everything that is wrong, a sentence each.</param>
/// <param name="Usage">How what was probably meant is typed, in a line.</param>
public sealed record ParsedCommand(CommandCall? Call, ImmutableArray<string> Problems, string Usage)
{
    /// <summary>The problems and the usage, a line each.</summary>
    public string Explanation => string.Join('\n', [.. Problems, Usage]);
}
