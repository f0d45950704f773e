using ActorCluster.Operator.Palettes;
using Akka.Actor;
using Petabridge.Cmd.Host;

namespace ActorCluster.PetabridgeCmd;

/// <summary>Serves a node's palettes to Petabridge's own <c>pbm</c>, where <c>petabridge.cmd</c> of the actor system's configuration says. That protocol knows no token.</summary>
public static class PetabridgeHost
{
    /// <summary>Registers every palette and starts to listen.</summary>
    /// <param name="system">The node's actor system.</param>
    /// <param name="commands">The node's commands.</param>
    public static void Start(ActorSystem system, CommandRunner commands)
    {
        var host = Petabridge.Cmd.Host.PetabridgeCmd.Get(system);
        foreach (var palette in commands.Palettes)
        {
            host.RegisterCommandPalette(new PaletteHandler(palette, commands));
        }

        host.Start();
    }
}
