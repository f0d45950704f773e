using ActorCluster.Node.Tests;
using Xunit.Abstractions;

namespace ActorCluster.Cluster.Tests;

/// <summary>Nodes die, freeze, come and go in the middle of a run, which gives the bytes of an undisturbed one.</summary>
public sealed class NodeDeathTests(Workload work, ITestOutputHelper output) : IClassFixture<Workload>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Node_KilledHalfWayAndRestarted_LosesNothing()
    {
        await using var cluster = await ThreeNodesAsync();
        await cluster.SubmitAsync();
        await cluster.UntilStoredAsync(work.Units / 3);

        await ClusterHarness.Kill9Async(cluster.Nodes.First()); // The oldest: it has the singletons.
        await cluster.UntilStoredAsync(work.Units / 2);
        await cluster.StartNodeAsync("a");

        await EndAsync(cluster, dead: 2);
    }

    private async Task<ClusterHarness> ThreeNodesAsync()
    {
        var cluster = new ClusterHarness(work, "a", "b", "c");
        await cluster.StartPostgresAsync();
        foreach (var name in new[] { "a", "b", "c" })
        {
            await cluster.StartNodeAsync(name);
        }

        return cluster;
    }

    /// <param name="cluster">The cluster.</param>
    /// <param name="dead">How many slots have died: at most as many chunks may be done again.</param>
    private async Task EndAsync(ClusterHarness cluster, int dead)
    {
        await cluster.WaitForEndAsync(Deadline);
        var redone = cluster.AssertSame();
        output.WriteLine($"{redone} of {work.Units} units done again");
        Assert.InRange(redone, 0, dead);
        await cluster.AssertNothingLeftAsync();
    }
}
