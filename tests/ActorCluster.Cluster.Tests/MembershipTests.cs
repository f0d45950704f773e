using System.Diagnostics;
using ActorCluster.Node.Tests;
using Xunit.Abstractions;

namespace ActorCluster.Cluster.Tests;

/// <summary>Nodes freeze, join, and leave in order, in the middle of a run.</summary>
public sealed class MembershipTests(Workload work, ITestOutputHelper output) : ScenarioTests(work, output)
{
    private const int RemovedExit = 5;
    private static readonly TimeSpan AtWorkWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan GoneWithin = TimeSpan.FromSeconds(20);

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Node_FrozenUntilOthersWentOnWithoutIt_EndsByItself(int seed)
    {
        var random = new Random(seed);
        await using var cluster = await ThreeNodesAsync();
        await cluster.SubmitAsync(slowly: true);
        await cluster.UntilStoredAsync(Moment(random));

        var nodes = cluster.Nodes.ToList();
        var frozen = nodes[random.Next(nodes.Count)];
        ClusterHarness.Freeze(frozen);
        await ClusterHarness.UntilMembersAsync(nodes.First(n => n != frozen), 2);

        ClusterHarness.Thaw(frozen);
        var clock = Stopwatch.StartNew();
        Assert.Equal(RemovedExit, await frozen.EndAsync());
        Assert.True(clock.Elapsed < GoneWithin, $"It went on for {clock.Elapsed.TotalSeconds:0} s.");

        await EndAsync(cluster, seed, bound: 2);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    [Trait(Category, Chaos)]
    public async Task Node_JoinsHalfWay_IsSoonAtWork(int seed)
    {
        var random = new Random(seed);
        await using var cluster = new ClusterHarness(Work, "a", "b", "c");
        await cluster.StartPostgresAsync();
        await cluster.StartNodeAsync("a", slots: 1);
        await cluster.StartNodeAsync("b", slots: 1);
        await cluster.SubmitAsync(slowly: true);
        await cluster.UntilStoredAsync(random.Next(Work.Units / 6, Work.Units / 3));

        var joined = await cluster.StartNodeAsync("c");
        var clock = Stopwatch.StartNew();
        await cluster.UntilAsync(() => ProcessTable.ChildrenOf(joined.Id).Any(c => c.Program == "ffmpeg"), "the new node decodes");
        Say($"At work {clock.Elapsed.TotalSeconds:0.0} s after it was up.");
        Assert.True(clock.Elapsed < AtWorkWithin, $"It had nothing to do for {clock.Elapsed.TotalSeconds:0.0} s.");

        await EndAsync(cluster, seed, bound: 0);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    [Trait(Category, Chaos)]
    public async Task Node_Drained_LosesNothing(int seed)
    {
        var random = new Random(seed);
        await using var cluster = await ThreeNodesAsync();
        await cluster.SubmitAsync();
        await cluster.UntilStoredAsync(Moment(random));

        var nodes = cluster.Nodes.ToList();
        Assert.Equal(0, await ClusterHarness.TerminateAsync(nodes[random.Next(nodes.Count)]));

        await EndAsync(cluster, seed, bound: 2);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    [Trait(Category, Chaos)]
    public async Task AllNodes_RestartedOneAfterAnother_LoseNothing(int seed)
    {
        var random = new Random(seed);
        await using var cluster = await ThreeNodesAsync(slots: 1);
        await cluster.SubmitAsync(slowly: true);
        await cluster.UntilStoredAsync(random.Next(2, Work.Units / 6));

        var nodes = cluster.Nodes.ToArray();
        random.Shuffle(nodes);
        foreach (var node in nodes)
        {
            Assert.Equal(0, await ClusterHarness.TerminateAsync(node));
            await cluster.StartNodeAsync(node.Name, slots: 1);
        }

        Assert.False(cluster.HasEnded, "The run was over before the last node was back: nothing is shown.");
        await EndAsync(cluster, seed, bound: 3);
    }
}
