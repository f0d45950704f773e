using System.Diagnostics;
using Xunit.Abstractions;

namespace ActorCluster.Cluster.Tests;

/// <summary>Processes die in the middle of a run without a word.</summary>
public sealed class NodeDeathTests(Workload work, ITestOutputHelper output) : ScenarioTests(work, output)
{
    private static readonly TimeSpan GivenUpWithin = TimeSpan.FromSeconds(30);

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task NodeWithSingletons_Killed_LosesNothing(int seed)
    {
        var random = new Random(seed);
        await using var cluster = await ThreeNodesAsync();
        await cluster.SubmitAsync();
        await cluster.UntilStoredAsync(Moment(random));

        await ClusterHarness.Kill9Async(cluster.Nodes.First());
        await cluster.UntilStoredAsync(Work.Units * 2 / 3);
        await cluster.StartNodeAsync("a");

        await EndAsync(cluster, seed, bound: 2);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task AnyNode_Killed_IsGivenUpWithinSeconds(int seed)
    {
        var random = new Random(seed);
        // No heartbeat that is missed, and no split, is what the others notice.
        await using var cluster = await ThreeNodesAsync(timers: [("HEARTBEAT_PAUSE", 120), ("STABLE_AFTER", 120)]);
        await cluster.SubmitAsync();
        await cluster.UntilStoredAsync(Moment(random));

        var nodes = cluster.Nodes.ToList();
        var victim = nodes[random.Next(nodes.Count)];
        await ClusterHarness.Kill9Async(victim);
        var clock = Stopwatch.StartNew();
        await ClusterHarness.UntilMembersAsync(nodes.First(n => n != victim), 2);
        Say($"Given up after {clock.Elapsed.TotalSeconds:0.0} s.");
        Assert.True(clock.Elapsed < GivenUpWithin, $"It was a member for another {clock.Elapsed.TotalSeconds:0.0} s.");

        await EndAsync(cluster, seed, bound: 2);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    [Trait(Category, Chaos)]
    public async Task NodeWithVideosOnly_Killed_CostsNoChunk(int seed)
    {
        var random = new Random(seed);
        await using var cluster = new ClusterHarness(Work, "coordinator");
        await cluster.StartPostgresAsync();
        await cluster.StartNodeAsync("coordinator", "coordinator");
        await Task.WhenAll(cluster.StartNodeAsync("worker-1", "worker"), cluster.StartNodeAsync("worker-2", "worker"), cluster.StartNodeAsync("gpu", "gpu", slots: 4));
        await cluster.SubmitAsync();
        await cluster.UntilStoredAsync(Moment(random));

        var victim = $"worker-{random.Next(1, 3)}";
        await ClusterHarness.Kill9Async(cluster.Nodes.Single(n => n.Name == victim));

        await EndAsync(cluster, seed, bound: 0);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    [Trait(Category, Chaos)]
    public async Task NodeThatEncodesOnly_Killed_CostsItsSlots(int seed)
    {
        var random = new Random(seed);
        await using var cluster = new ClusterHarness(Work, "coordinator");
        await cluster.StartPostgresAsync();
        await cluster.StartNodeAsync("coordinator", "coordinator,worker");
        await Task.WhenAll(cluster.StartNodeAsync("gpu-1", "gpu"), cluster.StartNodeAsync("gpu-2", "gpu"));
        await cluster.SubmitAsync();
        await cluster.UntilStoredAsync(Moment(random));

        var victim = $"gpu-{random.Next(1, 3)}";
        await ClusterHarness.Kill9Async(cluster.Nodes.Single(n => n.Name == victim));

        await EndAsync(cluster, seed, bound: 2);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task AllNodes_KilledAndStartedAgain_LoseNothing(int seed)
    {
        var random = new Random(seed);
        await using var cluster = await ThreeNodesAsync();
        await cluster.SubmitAsync();
        await cluster.UntilStoredAsync(Moment(random));

        await cluster.KillAllAsync();
        await Task.WhenAll(new[] { "a", "b", "c" }.Select(name => cluster.StartNodeAsync(name)));

        await EndAsync(cluster, seed, bound: 6);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    [Trait(Category, Chaos)]
    public async Task Database_KilledAndBackAfterFiveSeconds_LosesNothing(int seed)
    {
        var random = new Random(seed);
        await using var cluster = await ThreeNodesAsync(durable: true);
        await cluster.SubmitAsync();
        await cluster.UntilStoredAsync(Moment(random));

        cluster.Postgres!.Kill();
        await cluster.UntilPassedAsync(TimeSpan.FromSeconds(5));
        await cluster.Postgres.StartAgainAsync();

        await EndAsync(cluster, seed, bound: 6);
    }
}
