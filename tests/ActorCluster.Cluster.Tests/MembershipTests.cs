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
    public async Task Node_WhoseClockIsAnHourOff_ChangesNothing(int seed)
    {
        // Every node in turn, fast and slow; the others and the database have the right time.
        string[] names = ["a", "b", "c"];
        var (odd, hours) = (names[seed % names.Length], seed % 2 == 0 ? -1 : 1);
        await using var cluster = new ClusterHarness(Work, names);
        cluster.Place(odd, "127.0.0.1", ShiftedClock.Within(hours));
        await cluster.StartPostgresAsync();
        var started = DateTime.UtcNow;
        foreach (var name in names)
        {
            await cluster.StartNodeAsync(name);
        }

        await cluster.SubmitAsync();
        var shifted = cluster.Nodes.Single(n => n.Name == odd);
        await EndAsync(cluster, seed, bound: 0);
        var offset = ShiftedClock.OffsetIn(shifted.Log, started);
        Assert.True(Math.Abs(offset.TotalHours - hours) < 0.2, $"The node's log was {offset} off: its clock was not shifted, and nothing is shown.");
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
