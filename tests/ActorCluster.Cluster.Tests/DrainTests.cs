using System.Diagnostics;
using ActorCluster.Operator.Palettes;
using ActorCluster.Processing.Control;
using Xunit.Abstractions;

namespace ActorCluster.Cluster.Tests;

/// <summary>A node of a busy cluster is drained and taken back; nothing is lost, and no command is slow.</summary>
public sealed class DrainTests(Workload work, ITestOutputHelper output) : ScenarioTests(work, output)
{
    private const int Slots = 2;
    private static readonly TimeSpan ActsWithin = TimeSpan.FromSeconds(2);

    [Theory]
    [MemberData(nameof(Seeds))]
    [Trait(Category, Chaos)]
    public async Task Node_DrainedAndTakenBack_TakesNothingNewMeanwhileAndLosesNothing(int seed)
    {
        var random = new Random(seed);
        await using var cluster = await ThreeNodesAsync(Slots);
        await using (var observer = await Observer.JoinAsync(cluster))
        {
            await cluster.SubmitAsync(slowly: true);
            await cluster.UntilStoredAsync(Moment(random));

            Say(await observer.TimeAsync(isFirstTimed: true, ["node", "list"], ["gpu", "list"], ["cluster", "show"], ["cluster", "status"], ["sharding", "regions"], ["sharding", "shards"], ["actor", "system"], ["actor", "hierarchy"], ["run", "list"], ["run", "explain", Workload.Run]));

            var drained = cluster.Nodes.Last().Address;
            var answer = Assert.IsType<CommandAnswer.Line>(Assert.Single(await observer.AskAsync("node", "drain", drained)));
            Assert.Contains("takes nothing new", answer.Text, StringComparison.Ordinal);
            var since = Stopwatch.StartNew();
            var kept = await UnitsAsync(observer, drained);
            using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
            for (var now = kept; now.Count > 0 && !cluster.HasEnded; now = await UnitsAsync(observer, drained))
            {
                kept = since.Elapsed < ActsWithin ? now : kept;
                Assert.True(now.TrueForAll(kept.Contains), $"It has taken something new: {string.Join(", ", now)} and not only {string.Join(", ", kept)}");
                await look.WaitForNextTickAsync();
            }

            Say($"Empty {since.Elapsed.TotalSeconds:0.0} s after it was drained.");
            Assert.NotEmpty(await observer.AskAsync("node", "undrain", drained));
            await cluster.UntilAsync(() => cluster.HasEnded || UnitsAsync(observer, drained).GetAwaiter().GetResult().Count > 0, "the node works again");
        }

        await EndAsync(cluster, seed, bound: Slots);
    }

    private static async Task<List<string>> UnitsAsync(Observer observer, string address)
    {
        NodeStanding? node;
        do
        {
            node = (await observer.Control.NodesAsync()).Single(n => n.Member.Address == address);
        }
        while (node.Report is null);

        return [.. node.Report.Units.Select(u => $"{u.Video} {u.What}")];
    }
}
