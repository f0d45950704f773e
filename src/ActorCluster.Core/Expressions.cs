using System.Collections.Immutable;

namespace ActorCluster.Core;

/// <summary>The set of expression classes: their number, names and column names.</summary>
public static class Expressions
{
    /// <summary>The number of classes.</summary>
    public const int Count = 8;

    /// <summary>The class names by index, as the outputs spell them.</summary>
    public static ImmutableArray<string> Names { get; } = [.. Enum.GetNames<Expression>()];

    /// <summary>The names of the probability columns by index: <c>p_neutral</c> … <c>p_other</c>.</summary>
    public static ImmutableArray<string> ProbabilityColumns { get; } = [.. Names.Select(name => "p_" + name.ToLowerInvariant())];

    /// <summary>Finds a class by its name, whatever its case.</summary>
    /// <param name="name">The name, such as <c>happiness</c>.</param>
    /// <param name="expression">The class, when the result is true.</param>
    /// <returns>Whether <paramref name="name"/> names a class.</returns>
    public static bool TryParse(string? name, out Expression expression)
    {
        for (var i = 0; i < Count; i++)
        {
            if (string.Equals(Names[i], name, StringComparison.OrdinalIgnoreCase))
            {
                expression = (Expression)i;
                return true;
            }
        }

        expression = default;
        return false;
    }
}
