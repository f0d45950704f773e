using ActorCluster.Operator.Palettes;
using Akka.Actor;
using Petabridge.Cmd.Host;

namespace ActorCluster.PetabridgeCmd;

/// <summary>One palette for Petabridge.Cmd: it makes an actor of <see cref="HandlerProps"/> for every connection.</summary>
internal sealed class PaletteHandler(CommandPalette palette, CommandRunner commands) : CommandPaletteHandler(PaletteTranslation.Of(palette))
{
    /// <inheritdoc/>
    public override Props HandlerProps { get; } = Props.Create(() => new PaletteActor(palette, commands));
}
