using System.Collections.Immutable;
using ActorCluster.Processing.Control;
using ActorCluster.Processing.Runs;

namespace ActorCluster.Tests;

/// <summary>Nodes that tell what a test has them tell; nothing can be done to them.</summary>
internal sealed class HandWrittenNodes : NoNodes
{
    private int _looks;

    public ImmutableArray<NodeStanding> Nodes { get; set; } = [];

    /// <summary>The pace of every run.</summary>
    public RunPace Pace { get; set; } = new("", 10, [], 0, 0, 0, [], []);

    /// <summary>How often the nodes were looked at.</summary>
    public int Looks => _looks;

    public override ImmutableArray<MemberReport> Members => [.. Nodes.Select(n => n.Member)];

    public override Task<ImmutableArray<NodeStanding>> NodesAsync()
    {
        Interlocked.Increment(ref _looks);
        return Task.FromResult(Nodes);
    }

    public override Task<RunPace> PaceAsync(string run) => Task.FromResult(Pace with { Run = run });
}
