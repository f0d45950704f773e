using System.Collections.Immutable;

namespace ActorCluster.Operator.Palettes;

/// <summary>All palettes of a node with what carries out their commands.</summary>
public sealed class PaletteRegistry
{
    private readonly ImmutableDictionary<string, ICommandHandler> _handlers;

    /// <summary>Makes a registry.</summary>
    /// <param name="handlers">One for each palette, in the order in which help lists them.</param>
    /// <exception cref="ArgumentException">Two have palettes of one name.</exception>
    public PaletteRegistry(params IEnumerable<ICommandHandler> handlers)
    {
        var all = handlers.ToImmutableArray();
        _handlers = all.ToImmutableDictionary(h => h.Palette.Name);
        Palettes = [.. all.Select(h => h.Palette)];
    }

    /// <summary>The palettes, in the order in which help lists them.</summary>
    public ImmutableArray<CommandPalette> Palettes { get; }

    /// <summary>What carries out the commands of a palette.</summary>
    public ICommandHandler HandlerOf(string palette) => _handlers[palette];
}
