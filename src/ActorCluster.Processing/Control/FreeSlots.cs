namespace ActorCluster.Processing.Control;

/// <summary>Why a slot without work has none.</summary>
internal enum FreeSlots
{
    /// <summary>Nobody asked for it.</summary>
    NoDemand,

    /// <summary>An operator, or the node's end, keeps it free.</summary>
    Drained,

    /// <summary>The store is away: whatever was begun would be begun in vain.</summary>
    StoreAway,

    /// <summary>Nobody asked for it, because the runs that have work are paused.</summary>
    Paused,
}
