using System.Diagnostics;
using ActorCluster.Processing.Inference;
using ActorCluster.Processing.Slots;
using ActorCluster.Processing.Videos;
using CsCheck;
using Xunit.Abstractions;
using static ActorCluster.Processing.Slots.SlotMessages;

namespace ActorCluster.Processing.Tests.Slots;

/// <summary>A small cluster in which anything happens in any order; the nodes' own books are kept beside the broker's.</summary>
public sealed class SlotBrokerProperties(ITestOutputHelper output)
{
    private static readonly Gen<(int[] Slots, (int What, int Which, int Many)[] Steps)> Days =
        Gen.Select(Gen.Int[1, 4].Array[1, 4], Gen.Select(Gen.Int[0, 9], Gen.Int[0, 1000], Gen.Int[1, 4]).Array[0, 100]);

    [Fact]
    public void AnyDay_Always_NeverOversubscribesANodeAndAloneMeansAlone() => Days.Sample(
        day =>
        {
            var cluster = new BrokerSimulation(day.Slots);
            foreach (var (what, which, many) in day.Steps)
            {
                cluster.Step(what, which, many);
                cluster.AssertSound();
            }
        },
        iter: 300,
        threads: 2);

    [Fact]
    public void AnyDay_DemandToBeAlone_IsServedThoughMoreVideosKeepAsking() => Days.Sample(
        day =>
        {
            var cluster = new BrokerSimulation(day.Slots);
            foreach (var (what, which, many) in day.Steps)
            {
                cluster.Step(what, which, many);
            }

            var suspect = new VideoKey("a", 999, 1);
            for (var round = 0; ; round++)
            {
                // Each round more videos of every run begin to ask, and the oldest lease of all ends.
                Assert.InRange(round, 0, 200);
                cluster.Ask(suspect, 1, alone: true);
                for (var i = 0; i < 6; i++)
                {
                    cluster.Ask(new VideoKey(i % 2 == 0 ? "a" : "b", 1_000 + (6 * round) + i, 1), 2, alone: false);
                }

                cluster.Grant();
                cluster.AssertSound();
                if (cluster.State.Leases.Values.Any(l => l.Key == suspect))
                {
                    return;
                }

                cluster.EndOldest();
            }
        },
        iter: 200,
        threads: 2);

    [Fact]
    public void AnyDay_LeaseThatComesBack_ComesBackOnce() => Days.Sample(
        day =>
        {
            var cluster = new BrokerSimulation(day.Slots);
            var back = new HashSet<string>();
            foreach (var (what, which, many) in day.Steps)
            {
                cluster.Step(what, which, many);
                foreach (var lease in cluster.TakenBack)
                {
                    Assert.True(back.Add(lease), $"{lease} came back twice.");
                    Assert.False(cluster.State.Leases.ContainsKey(lease));
                }
            }
        },
        iter: 200,
        threads: 2);

    [Fact]
    public void Grant_ThreeHundredNodesAndTheirVideos_IsMeasured()
    {
        var now = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var state = SlotBrokerState.Empty;
        for (var n = 0; n < 300; n++)
        {
            (state, _) = state.Heard(new NodeHeartbeat($"node-{n:000}", 2, [], [], MeterReading.Zero, 0, ""), $"akka://x/{n}", now);
        }

        for (var v = 0; v < 1_200; v++)
        {
            state = state.Requested(new RequestSlots(new VideoKey($"run-{v % 3}", v, 1), 0, 1, false, ""), now);
        }

        var clock = Stopwatch.StartNew();
        var lease = 0;
        (state, var first) = state.Grant(now, () => $"{lease++}");
        var filled = clock.Elapsed;
        Assert.Equal(600, first.Count);

        // Then one lease ends at a time, its video asks for the next slot, and one is granted.
        clock.Restart();
        var granted = 0;
        foreach (var ended in first.Take(200))
        {
            state = state.Returned(ended.Id).Requested(new RequestSlots(ended.Key, 0, 1, false, ""), now);
            (state, var next) = state.Grant(now, () => $"{lease++}");
            granted += next.Count;
        }

        Assert.Equal(200, granted);
        output.WriteLine($"600 slots filled at {600 / filled.TotalSeconds:0} grants/s; then one by one at {granted / clock.Elapsed.TotalSeconds:0} grants/s.");
    }
}
