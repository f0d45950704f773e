using ActorCluster.Core.Faults;
using ActorCluster.Storage;
using Akka.Configuration;

namespace ActorCluster.Processing.Hosting;

/// <summary>Where journal and snapshots are kept: in SQLite files for a cluster of one process, in a PostgreSQL database for any other.</summary>
internal abstract class StateStore
{
    /// <summary>The version of the tables. A database of another one is refused.</summary>
    public const int SchemaVersion = 1;

    /// <summary>The persistence part of the actor system's configuration.</summary>
    public abstract Config Configuration { get; }

    /// <summary>The store that a node's settings ask for. Touches nothing.</summary>
    /// <exception cref="EnvironmentFaultException">Other nodes can join and the state would be SQLite, or the connection string is wrong.</exception>
    public static StateStore Of(NodeSettings settings, DataDirectory data)
    {
        Require(settings);
        return settings.State is { } connection ? new PostgresStateStore(connection) : new SqliteStateStore(data);
    }

    /// <summary>Refuses SQLite where other nodes can join: each would have files, and so a history, of its own.</summary>
    /// <exception cref="EnvironmentFaultException">It is refused.</exception>
    public static void Require(NodeSettings settings)
    {
        if (settings.IsClustered && settings.State is null)
        {
            throw new EnvironmentFaultException(
                "state",
                "SQLite serves one process only, and seeds make this node one of several.",
                "Give all nodes the PostgreSQL database of the cluster with --state \"Host=...;Database=...;Username=...;Password=...\", or leave the seeds out.");
        }
    }

    /// <summary>Makes the store usable before the actor system starts: at every start, on every node, in any order.</summary>
    /// <exception cref="EnvironmentFaultException">It cannot be reached, written or understood.</exception>
    public abstract Task PrepareAsync(CancellationToken cancellation);

    /// <summary>Removes everything that is stored of a run and its videos. The run's actor, and theirs, must be at rest.</summary>
    /// <param name="run">The run.</param>
    /// <param name="cancellation">Stops the removing; what is removed by then stays removed.</param>
    /// <exception cref="EnvironmentFaultException">The store cannot be written.</exception>
    public abstract Task RemoveRunAsync(string run, CancellationToken cancellation);

    /// <summary>Asks the store for the least that it can be asked.</summary>
    /// <exception cref="EnvironmentFaultException">It does not answer.</exception>
    public abstract Task ReachAsync(CancellationToken cancellation);

    /// <summary>What the tables take.</summary>
    /// <exception cref="EnvironmentFaultException">The store cannot be read.</exception>
    public abstract Task<StateSize> MeasureAsync(CancellationToken cancellation);
}
