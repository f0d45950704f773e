using System.Collections.Immutable;

namespace ActorCluster.Operator.Palettes;

/// <summary>One command of a palette, free of any transport.</summary>
/// <param name="Name">Its name: lower case, words joined by hyphens.</param>
/// <param name="Description">What it does, in a sentence.</param>
/// <param name="Arguments">What it takes.</param>
public sealed record CommandDefinition(string Name, string Description, ImmutableArray<CommandArgument> Arguments)
{
    /// <summary>The argument that answers the question of a dangerous command beforehand.</summary>
    public static CommandArgument Yes { get; } = new("yes", "Do not ask whether this is meant.", ArgumentKind.Flag);

    /// <summary>Whether it changes something: it is then recorded who gave it, when and what.</summary>
    public bool Changes { get; init; }

    /// <summary>
    /// Whether a client whose node dies in the middle of the answer gives it to another one: it shows how something goes on, or has done what it does also when it is
    /// done twice.
    /// </summary>
    public bool Follows { get; init; }

    /// <summary>What a dangerous command would do, for the question that is asked before it; null for a command that needs no question. It then takes <see cref="Yes"/>.</summary>
    public string? Danger { get; init; }
}
