namespace ActorCluster.Processing.Runs;

/// <summary>What has become of a video in its run, as operators see it.</summary>
public enum RunVideoState
{
    /// <summary>Its turn has not come.</summary>
    Waiting,

    /// <summary>It is being processed.</summary>
    Processing,

    /// <summary>Its predictions are published.</summary>
    Completed,

    /// <summary>It ended with a fault of its own, or an operator's.</summary>
    Quarantined,

    /// <summary>It was given up with its run.</summary>
    Cancelled,
}
