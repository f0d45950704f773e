using System.Collections.Immutable;

namespace ActorCluster.Processing.Control;

/// <summary>This node's actor system.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Its address.</param>
/// <param name="Version">The application's version.</param>
/// <param name="AkkaVersion">Akka.NET's version.</param>
/// <param name="Runtime">The .NET runtime.</param>
/// <param name="UptimeSeconds">How long it has run.</param>
/// <param name="Scheduler">The class of its scheduler.</param>
/// <param name="Dispatchers">Its dispatchers by their paths in the configuration, with what each one's executor is.</param>
/// <param name="ThreadPoolThreads">Threads in the pool that they share.</param>
/// <param name="ThreadPoolQueue">Work that waits for one of those.</param>
public sealed record ActorSystemReport(
    string Name,
    string Address,
    string Version,
    string AkkaVersion,
    string Runtime,
    double UptimeSeconds,
    string Scheduler,
    ImmutableArray<string> Dispatchers,
    int ThreadPoolThreads,
    long ThreadPoolQueue);
