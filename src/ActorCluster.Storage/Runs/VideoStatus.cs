namespace ActorCluster.Storage;

/// <summary>How a video stands in a run.</summary>
public enum VideoStatus
{
    /// <summary>Its predictions are published.</summary>
    Completed,

    /// <summary>It ended with a named cause that lies in the input.</summary>
    Quarantined,

    /// <summary>It was given up with its run.</summary>
    Cancelled,

    /// <summary>It is not yet done.</summary>
    Pending,
}
