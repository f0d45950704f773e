using System.Collections.Immutable;
using ActorCluster.Core.Faults;
using ActorCluster.Processing.Control;
using ActorCluster.Processing.Runs;

namespace ActorCluster.Tests;

/// <summary>Nodes that tell what a test has them tell; nothing can be done to them.</summary>
internal sealed class HandWrittenNodes : IClusterControl
{
    private int _looks;

    public ImmutableArray<NodeStanding> Nodes { get; set; } = [];

    /// <summary>The pace of every run.</summary>
    public RunPace Pace { get; set; } = new("", 10, [], 0, 0, 0, [], []);

    /// <summary>How often the nodes were looked at.</summary>
    public int Looks => _looks;

    public ImmutableArray<MemberReport> Members => [.. Nodes.Select(n => n.Member)];

    public ActorSystemReport System => throw Silent();

    public Task<ImmutableArray<NodeStanding>> NodesAsync()
    {
        Interlocked.Increment(ref _looks);
        return Task.FromResult(Nodes);
    }

    public Task<NodeStanding> NodeAsync(MemberReport member) => throw Silent();

    public Task<ControlOutcome> DrainAsync(MemberReport member, bool drained) => throw Silent();

    public Task<ControlOutcome> SetSlotsAsync(MemberReport member, int slots) => throw Silent();

    public Task<ControlOutcome> LeaveAsync(MemberReport member) => throw Silent();

    public ControlOutcome Down(MemberReport member) => throw Silent();

    public IAsyncEnumerable<string> MembershipAsync(CancellationToken cancellation) => throw Silent();

    public Task<ImmutableArray<NodeShards>> ShardsAsync() => throw Silent();

    public Task<EntityPage> EntitiesAsync(string region, string? shard, int skip, int take) => throw Silent();

    public (ImmutableArray<ActorLine> Actors, int LeftOut) Actors(int depth, int most) => ([], 0);

    public Task<RunPace> PaceAsync(string run) => Task.FromResult(Pace with { Run = run });

    private static EnvironmentFaultException Silent() => new("cluster", "There are no nodes.", "Start some.");
}
