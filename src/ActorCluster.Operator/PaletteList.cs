using System.Collections.Immutable;
using ActorCluster.Operator.Palettes;

namespace ActorCluster.Operator;

/// <summary>The answer to <c>GET /v1/palettes</c>.</summary>
/// <param name="Palettes">The palettes.</param>
internal sealed record PaletteList(ImmutableArray<CommandPalette> Palettes);
