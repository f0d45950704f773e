namespace ActorCluster.Processing.Hosting;

/// <summary>Names of the dispatchers that keep slow work away from the shared one.</summary>
internal static class Dispatchers
{
    /// <summary>A few threads for actors that touch the disk.</summary>
    public const string Blocking = "actorcluster.blocking-dispatcher";

    /// <summary>A thread of its own for each actor: encoders.</summary>
    public const string Pinned = "actorcluster.pinned-dispatcher";
}
