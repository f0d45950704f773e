using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ActorCluster.Processing.Hosting;

/// <summary>What a node knows of itself and its cluster.</summary>
/// <param name="Name">The process's name.</param>
/// <param name="Address">Its address in the cluster, <c>host:port</c>.</param>
/// <param name="IsUp">Whether it takes part.</param>
/// <param name="Members">Members of the cluster, this one included.</param>
/// <param name="Unreachable">Members that do not answer.</param>
/// <param name="StoreReachable">Whether the data folder is there.</param>
public sealed record NodeState(string Name, string Address, bool IsUp, int Members, int Unreachable, bool StoreReachable)
{
    /// <summary>What else speaks against giving it work, a sentence each: its device has not computed yet or cannot, its journal does not answer.</summary>
    [JsonIgnore]
    public ImmutableArray<string> Problems { get; init; } = [];

    /// <summary>Whether it can be given work.</summary>
    [JsonIgnore]
    public bool IsReady => IsUp && StoreReachable && Problems.IsEmpty;
}
