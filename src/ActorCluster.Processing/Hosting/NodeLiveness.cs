namespace ActorCluster.Processing.Hosting;

/// <summary>What the cluster knows of one process that once belonged to it.</summary>
internal enum NodeLiveness
{
    /// <summary>A member that answers.</summary>
    Alive,

    /// <summary>A member that does not answer: dead, frozen or cut off.</summary>
    Unreachable,

    /// <summary>No member any more; it will never be one again.</summary>
    Gone,
}
