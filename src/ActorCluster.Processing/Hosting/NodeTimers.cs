namespace ActorCluster.Processing.Hosting;

/// <summary>How long a node waits for what. All nodes of a cluster should agree.</summary>
public sealed record NodeTimers
{
    /// <summary>How long a node may miss its heartbeats before it counts as unreachable. Decoding and encoding leave heartbeats late, so not too short.</summary>
    public TimeSpan HeartbeatPause { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long membership must stand still before the side with the majority of coordinators goes on without the unreachable nodes.</summary>
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a node that is told to stop lets its units of work finish before it hands them back.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long nothing but failures of the environment is borne before a run pauses itself.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a unit of work that is encoded waits for a store that is away or full, before it hands its slot back.</summary>
    public TimeSpan StoreWait { get; init; } = TimeSpan.FromSeconds(5);
}
