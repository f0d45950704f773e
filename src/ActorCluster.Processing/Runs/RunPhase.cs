namespace ActorCluster.Processing.Runs;

/// <summary>Where a run is in its life.</summary>
public enum RunPhase
{
    /// <summary>It has videos that have not ended, and works on them.</summary>
    Running = 0,

    /// <summary>It waits: an operator paused it, or nothing but failures of the environment came back.</summary>
    Paused = 1,

    /// <summary>An operator gave it up.</summary>
    Cancelled = 2,

    /// <summary>Every video has ended.</summary>
    Ended = 3,
}
