namespace ActorCluster.Processing.Runs;

/// <summary>A video's status in its run, one byte each.</summary>
internal enum VideoStatus : byte
{
    /// <summary>Registered, not ended.</summary>
    Pending = 0,

    /// <summary>Its predictions are published.</summary>
    Completed = 1,

    /// <summary>It ended with a fault of its own.</summary>
    Quarantined = 2,

    /// <summary>It was given up with its run.</summary>
    Cancelled = 3,
}
