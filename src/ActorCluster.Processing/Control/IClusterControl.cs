using System.Collections.Immutable;
using ActorCluster.Core.Faults;
using ActorCluster.Processing.Runs;

namespace ActorCluster.Processing.Control;

/// <summary>Sees and steers the nodes of a cluster, from one of them. Whoever does not answer soon is told as silent, and keeps nobody waiting.</summary>
public interface IClusterControl
{
    /// <summary>The members, this node's view, in order of address.</summary>
    ImmutableArray<MemberReport> Members { get; }

    /// <summary>This node's actor system.</summary>
    ActorSystemReport System { get; }

    /// <summary>Every member with what it tells of itself; those that do not answer within a quarter of a second are silent.</summary>
    Task<ImmutableArray<NodeStanding>> NodesAsync();

    /// <summary>One member with what it tells of itself.</summary>
    /// <param name="member">The member.</param>
    Task<NodeStanding> NodeAsync(MemberReport member);

    /// <summary>Tells a node to take nothing new, or to take work again.</summary>
    /// <exception cref="EnvironmentFaultException">It does not answer.</exception>
    Task<ControlOutcome> DrainAsync(MemberReport member, bool drained);

    /// <summary>Changes a node's slots.</summary>
    /// <exception cref="EnvironmentFaultException">It does not answer.</exception>
    Task<ControlOutcome> SetSlotsAsync(MemberReport member, int slots);

    /// <summary>Tells a node to finish, leave and end.</summary>
    /// <exception cref="EnvironmentFaultException">It does not answer.</exception>
    Task<ControlOutcome> LeaveAsync(MemberReport member);

    /// <summary>Goes on without a member, which will never be one again: its process must be started anew.</summary>
    ControlOutcome Down(MemberReport member);

    /// <summary>Changes of membership as lines, from now on.</summary>
    /// <param name="cancellation">Whoever looks has gone.</param>
    IAsyncEnumerable<string> MembershipAsync(CancellationToken cancellation);

    /// <summary>The shards of all nodes.</summary>
    Task<ImmutableArray<NodeShards>> ShardsAsync();

    /// <summary>Entities that are awake on this node.</summary>
    /// <param name="region">The region, <c>run</c> or <c>video</c>.</param>
    /// <param name="shard">One of its shards; null for all.</param>
    /// <param name="skip">How many to leave out.</param>
    /// <param name="take">How many to give.</param>
    /// <exception cref="EnvironmentFaultException">The region does not answer.</exception>
    Task<EntityPage> EntitiesAsync(string region, string? shard, int skip, int take);

    /// <summary>This node's actors.</summary>
    /// <param name="depth">How deep to go.</param>
    /// <param name="most">How many to give at most.</param>
    /// <returns>Each before its children, and how many were left out.</returns>
    (ImmutableArray<ActorLine> Actors, int LeftOut) Actors(int depth, int most);

    /// <summary>How fast a run has been lately, and what is left of it.</summary>
    /// <exception cref="EnvironmentFaultException">The run does not answer.</exception>
    Task<RunPace> PaceAsync(string run);
}
