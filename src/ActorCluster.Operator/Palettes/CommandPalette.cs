using System.Collections.Immutable;

namespace ActorCluster.Operator.Palettes;

/// <summary>Commands about one thing.</summary>
/// <param name="Name">What they are about, such as <c>run</c>.</param>
/// <param name="Description">In a sentence.</param>
/// <param name="Commands">The commands.</param>
public sealed record CommandPalette(string Name, string Description, ImmutableArray<CommandDefinition> Commands);
