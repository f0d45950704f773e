using Akka.Actor;
using Akka.Pattern;

namespace ActorCluster.Processing.Hosting;

/// <summary>Brings a persistent singleton back.</summary>
internal static class JournalBackOff
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Wraps a persistent actor that nobody would make again. It stops when its journal fails, and a cluster singleton whose actor has stopped is gone for
    /// good; an entity of a shard region needs no such thing, because the region makes it again for the next message.
    /// </summary>
    /// <remarks>
    /// Messages pass through with their senders; while the actor is away they are lost, so whoever needs an answer asks again. A poison pill ends both.
    /// </remarks>
    /// <param name="persistent">The persistent actor.</param>
    /// <param name="name">Its name under the supervisor.</param>
    public static Props Supervise(Props persistent, string name) =>
        BackoffSupervisor.Props(Backoff.OnStop(persistent, name, Shortest, Longest, randomFactor: 0.2, maxNrOfRetries: -1));
}
