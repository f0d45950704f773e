namespace ActorCluster.Operator.Palettes;

/// <summary>A value that was given to a command.</summary>
/// <param name="Argument">The argument's name, or one of its switches.</param>
/// <param name="Value">The value; null for a flag.</param>
public readonly record struct CommandValue(string Argument, string? Value);
