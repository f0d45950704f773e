using System.Collections.Immutable;
using ActorCluster.Core.Faults;
using ActorCluster.Processing.Control;
using ActorCluster.Processing.Runs;

namespace ActorCluster.Tests;

/// <summary>A cluster without members, for palettes of which nothing about nodes is asked.</summary>
internal class NoNodes : IClusterControl
{
    public virtual ImmutableArray<MemberReport> Members => [];

    public ActorSystemReport System => throw Silent();

    public virtual Task<ImmutableArray<NodeStanding>> NodesAsync() => Task.FromResult(ImmutableArray<NodeStanding>.Empty);

    public Task<NodeStanding> NodeAsync(MemberReport member) => throw Silent();

    public Task<ControlOutcome> DrainAsync(MemberReport member, bool drained) => throw Silent();

    public Task<ControlOutcome> SetSlotsAsync(MemberReport member, int slots) => throw Silent();

    public Task<ControlOutcome> LeaveAsync(MemberReport member) => throw Silent();

    public ControlOutcome Down(MemberReport member) => throw Silent();

    public IAsyncEnumerable<string> MembershipAsync(CancellationToken cancellation) => throw Silent();

    public Task<ImmutableArray<NodeShards>> ShardsAsync() => throw Silent();

    public Task<EntityPage> EntitiesAsync(string region, string? shard, int skip, int take) => throw Silent();

    public (ImmutableArray<ActorLine> Actors, int LeftOut) Actors(int depth, int most) => ([], 0);

    public virtual Task<RunPace> PaceAsync(string run) => throw Silent();

    private static EnvironmentFaultException Silent() => new("cluster", "There are no nodes.", "Start some.");
}
