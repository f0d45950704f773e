namespace ActorCluster.Operator.Explaining;

/// <summary>What keeps a run from being faster.</summary>
public enum RunBinding
{
    /// <summary>Nothing: it has ended.</summary>
    Ended,

    /// <summary>It is paused.</summary>
    Paused,

    /// <summary>The nodes that would work are unreachable.</summary>
    Membership,

    /// <summary>The nodes that work are reachable, and too busy to tell what they do.</summary>
    Silent,

    /// <summary>The cluster has no node that encodes.</summary>
    NoNodes,

    /// <summary>Operators keep all slots free.</summary>
    Drained,

    /// <summary>The slots work for other runs.</summary>
    OtherRuns,

    /// <summary>Devices wait for decoding.</summary>
    Decoding,

    /// <summary>Devices are busy.</summary>
    Device,

    /// <summary>Devices wait for their batches to fill.</summary>
    Batches,

    /// <summary>Devices wait until results are stored.</summary>
    Store,

    /// <summary>There is less to do at a time than there are slots.</summary>
    Supply,

    /// <summary>Too little has been measured.</summary>
    TooEarly,
}
