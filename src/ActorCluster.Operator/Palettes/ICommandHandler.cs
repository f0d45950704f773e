using ActorCluster.Core.Faults;

namespace ActorCluster.Operator.Palettes;

/// <summary>A palette with what its commands do. Knows no transport.</summary>
public interface ICommandHandler
{
    /// <summary>What the commands are.</summary>
    CommandPalette Palette { get; }

    /// <summary>Does what a command says and streams what it answers; whatever it asks of actors has a time limit.</summary>
    /// <param name="call">The command, one of <see cref="Palette"/>, with checked arguments.</param>
    /// <param name="cancellation">The client has gone.</param>
    /// <exception cref="CommandRefusedException">What the command is about does not exist, or is in no state for it.</exception>
    /// <exception cref="EnvironmentFaultException">The cluster or the store does not answer.</exception>
    IAsyncEnumerable<CommandAnswer> RunAsync(CommandCall call, CancellationToken cancellation);
}
