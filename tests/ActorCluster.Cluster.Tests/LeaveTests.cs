using ActorCluster.Operator.Palettes;
using Xunit.Abstractions;

namespace ActorCluster.Cluster.Tests;

/// <summary>Operators let nodes leave, and give up those that do not come back.</summary>
public sealed class LeaveTests(Workload work, ITestOutputHelper output) : ScenarioTests(work, output)
{
    private const int Slots = 2;

    [Theory]
    [MemberData(nameof(Seeds))]
    [Trait(Category, Chaos)]
    public async Task Node_ToldToLeave_FinishesAndEndsInOrder(int seed)
    {
        await using var cluster = await ThreeNodesAsync(Slots);
        await cluster.SubmitAsync(slowly: true);
        await cluster.UntilStoredAsync(Moment(new Random(seed)));
        var going = cluster.Nodes.Last();
        await using (var observer = await Observer.JoinAsync(cluster))
        {
            var answer = Assert.IsType<CommandAnswer.Line>(Assert.Single(await observer.AskAsync("cluster", "leave", going.Address, "-yes")));
            Assert.Contains("leaves and ends", answer.Text, StringComparison.Ordinal);
            Assert.Equal(0, await going.EndAsync());
        }

        await EndAsync(cluster, seed, bound: Slots);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    [Trait(Category, Chaos)]
    public async Task Node_FreezesAndIsGivenUp_LetsTheClusterGoOnAtOnce(int seed)
    {
        // Left alone, the cluster would wait for two minutes.
        await using var cluster = await ThreeNodesAsync(Slots, timers: ("STABLE_AFTER", 120));
        await using (var observer = await Observer.JoinAsync(cluster))
        {
            await cluster.SubmitAsync(slowly: true);
            await cluster.UntilStoredAsync(Moment(new Random(seed)));
            var frozen = cluster.Nodes.Last();
            ClusterHarness.Freeze(frozen);
            await cluster.UntilAsync(() => observer.Control.Members.Any(m => m.Address == frozen.Address && !m.IsReachable), "the frozen node is unreachable");
            var row = (await observer.AskAsync("node", "list")).OfType<CommandAnswer.Row>().Single(r => r.Fields[0].Value is string a && a == frozen.Address);
            Assert.Equal("Up, unreachable", row.Fields.Single(f => f.Name == "state").Value);

            var answer = Assert.IsType<CommandAnswer.Line>(Assert.Single(await observer.AskAsync("cluster", "down-unreachable", "-yes")));
            Assert.Contains($"goes on without {frozen.Address}", answer.Text, StringComparison.Ordinal);
            await cluster.UntilAsync(() => observer.Control.Members.All(m => m.Address != frozen.Address), "the frozen node is no member");
            await ClusterHarness.Kill9Async(frozen);
        }

        await EndAsync(cluster, seed, bound: Slots);
    }
}
