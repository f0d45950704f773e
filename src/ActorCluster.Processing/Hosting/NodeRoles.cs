namespace ActorCluster.Processing.Hosting;

/// <summary>What a node does for its cluster.</summary>
[Flags]
public enum NodeRoles
{
    /// <summary>Nothing: no node.</summary>
    None = 0,

    /// <summary>Hosts the catalogue of runs, the runs and the slot broker, and votes when the cluster is split.</summary>
    Coordinator = 1,

    /// <summary>Hosts videos: probing, plans, votes, publishing; decodes for GPU nodes whose own cores cannot.</summary>
    Worker = 2,

    /// <summary>Offers slots: decodes and encodes chunks and runs the fusion network, on a GPU or on a CPU.</summary>
    Gpu = 4,

    /// <summary>All of it: what a cluster of one process is.</summary>
    All = Coordinator | Worker | Gpu,
}
