namespace ActorCluster.Processing.Hosting;

/// <summary>Names of the dispatchers that keep slow work away from the shared one.</summary>
internal static class Dispatchers
{
    /// <summary>The threads of the cluster's own actors, for what must answer when all others are busy.</summary>
    public const string Internal = "akka.actor.internal-dispatcher";

    /// <summary>A few threads for actors that touch the disk.</summary>
    public const string Blocking = "actorcluster.blocking-dispatcher";

    /// <summary>A thread of its own for each actor: encoders.</summary>
    public const string Pinned = "actorcluster.pinned-dispatcher";
}
