using Xunit.Abstractions;

namespace ActorCluster.Cluster.Tests;

/// <summary>The network falls apart in the middle of a run, while both sides still reach the database and the shared folder.</summary>
public sealed class PartitionTests(Workload work, ITestOutputHelper output) : ScenarioTests(work, output)
{
    private const int RemovedExit = 5;
    private static readonly string[] Names = ["a", "b", "c"];

    [PrivilegedTheory("unshare", "--net", "ip", "link", "add", "probe-1", "type", "veth", "peer", "name", "probe-2")]
    [MemberData(nameof(Seeds))]
    [Trait(Category, Chaos)]
    public async Task Network_CutBetweenOneNodeAndTwo_TwoGoOnAndOneEnds(int seed)
    {
        var random = new Random(seed);
        var lonely = Names[random.Next(Names.Length)];
        await using var network = await NetworkNamespace.CreateAsync();
        await using var cluster = new ClusterHarness(Work, Names);
        foreach (var name in Names)
        {
            cluster.Place(name, name == lonely ? network.Inside : network.Outside, name == lonely ? network.Within : []);
        }

        await cluster.StartPostgresAsync(bySocket: true);
        await cluster.StartNodeAsync("a");
        await Task.WhenAll(cluster.StartNodeAsync("b"), cluster.StartNodeAsync("c"));
        await cluster.SubmitAsync(slowly: true);
        await cluster.UntilStoredAsync(Moment(random));

        await network.CutAsync();
        Assert.Equal(RemovedExit, await cluster.Nodes.Single(n => n.Name == lonely).EndAsync());
        Assert.Equal(2, cluster.Nodes.Count());

        await EndAsync(cluster, seed, bound: 2);
    }
}
