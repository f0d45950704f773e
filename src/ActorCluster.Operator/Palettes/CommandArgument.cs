using System.Collections.Immutable;

namespace ActorCluster.Operator.Palettes;

/// <summary>What a command takes behind one of its switches.</summary>
/// <param name="Name">Its name, by which the handler asks for it: lower case, words joined by hyphens.</param>
/// <param name="Description">What it is, in a sentence.</param>
/// <param name="Kind">What its values look like.</param>
public sealed record CommandArgument(string Name, string Description, ArgumentKind Kind)
{
    /// <summary>How it is typed, the usual spelling first: <c>-name</c> unless said otherwise.</summary>
    public ImmutableArray<string> Switches { get; init; } = ["-" + Name];

    /// <summary>Whether the command cannot do without it.</summary>
    public bool IsMandatory { get; init; }

    /// <summary>Whether it may be given more than once.</summary>
    public bool AllowsMultiple { get; init; }

    /// <summary>Whether words without a switch are its values; at most one argument of a command, or the first ones in their order.</summary>
    public bool IsPositional { get; init; }

    /// <summary>What holds when it is not given; null for nothing.</summary>
    public string? Default { get; init; }

    /// <summary>All values that there are, for completion and checking; empty where they are not known beforehand.</summary>
    public ImmutableArray<string> Values { get; init; } = [];

    /// <summary>The least number, of a number.</summary>
    public long Least { get; init; } = long.MinValue;

    /// <summary>The greatest number, of a number.</summary>
    public long Greatest { get; init; } = long.MaxValue;
}
