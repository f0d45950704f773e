using System.Collections.Immutable;
using ActorCluster.Core.Faults;
using ActorCluster.Processing.Runs;

namespace ActorCluster.Processing.Hosting;

/// <summary>What an operator can ask of a cluster through one of its nodes.</summary>
public interface IRunService
{
    /// <summary>What the node knows of itself and its cluster now.</summary>
    NodeState State { get; }

    /// <summary>Has a node freeze a run and registers it, extends it by what its inputs have more, or goes on with it.</summary>
    /// <exception cref="RunRequestException">The request is wrong: its pipeline, or its inputs.</exception>
    /// <exception cref="EnvironmentFaultException">The run cannot be frozen, exists with other models, or the cluster does not answer.</exception>
    Task<RunFrozen> SubmitAsync(RunRequest request);

    /// <summary>The runs, newest first.</summary>
    /// <exception cref="EnvironmentFaultException">The catalogue does not answer.</exception>
    Task<ImmutableArray<RunListing>> RunsAsync();

    /// <summary>How far a run is; one that nobody submitted has no video.</summary>
    /// <exception cref="EnvironmentFaultException">The run does not answer.</exception>
    Task<RunQueries.RunProgress> ProgressAsync(string run);

    /// <summary>Goes on with a run that has paused itself.</summary>
    void Resume(string run);

    /// <summary>Records a command that changes something, before it is done.</summary>
    /// <param name="who">Who gives it, as far as that is known; at most 200 characters.</param>
    /// <param name="palette">The palette.</param>
    /// <param name="command">The command.</param>
    /// <param name="arguments">Its arguments as they could be typed.</param>
    /// <exception cref="EnvironmentFaultException">It cannot be recorded; it must then not be done.</exception>
    Task AuditAsync(string who, string palette, string command, string arguments);
}
