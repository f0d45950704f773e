using System.Collections.Immutable;

namespace ActorCluster.Operator.Palettes;

/// <summary>A command that cannot be done as it was given: what it names is not there, or is in no state for it. The message says what is possible.</summary>
/// <param name="message">Why, and what is possible instead.</param>
/// <param name="nearest">Names like the one that was not found.</param>
public sealed class CommandRefusedException(string message, ImmutableArray<string> nearest = default) : Exception(message)
{
    /// <summary>Names like the one that was not found.</summary>
    public ImmutableArray<string> Nearest { get; } = nearest.IsDefault ? [] : nearest;
}
