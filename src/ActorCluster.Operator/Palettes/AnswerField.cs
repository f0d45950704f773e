namespace ActorCluster.Operator.Palettes;

/// <summary>One named value of an answer.</summary>
/// <param name="Name">Its name: lower case, words joined by underscores, unit included (<c>wall_seconds</c>).</param>
/// <param name="Value">A string, a long, a double, a bool, a string array, or null.</param>
public readonly record struct AnswerField(string Name, object? Value);
