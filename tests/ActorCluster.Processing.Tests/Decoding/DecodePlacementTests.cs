using System.Collections.Immutable;
using ActorCluster.Processing.Decoding;
using CsCheck;
using static ActorCluster.Processing.Decoding.DecodeMessages;

namespace ActorCluster.Processing.Tests.Decoding;

public sealed class DecodePlacementTests
{
    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Choose_LagAppears_FirstUnitGoesToTheDecoderWithinTenSeconds()
    {
        var (state, second) = (DecodePlacement.Empty, 0);
        string path;
        do
        {
            // The meter's share of a device that has stood still since second 0.
            state = Beat(state, second, lag: Math.Min(1, second / 10.0));
            (state, path) = state.Choose("gpu", At(second));
        }
        while (path.Length == 0 && ++second < 20);

        Assert.Equal(("worker/decoder", true), (path, second < 10));
    }

    [Fact]
    public void Choose_NoLag_StaysLocal() => Assert.Equal("", Through(0, 30, lag: 0.1).Choose("gpu", At(30)).Path);

    [Fact]
    public void Choose_ShortLag_StaysLocal()
    {
        var state = Beat(Beat(DecodePlacement.Empty, 0, lag: 0.5), 1, lag: 0.1);
        Assert.Equal("", Beat(state, 2, lag: 0.5).Choose("gpu", At(2)).Path);
    }

    [Fact]
    public void Choose_LagIsGone_GoesOnAndGrowsNoFurther()
    {
        var state = Through(0, 3, lag: 0.5);
        var allowed = state.Needs["gpu"].Allowed;
        state = Through(4, 300, lag: 0, state);
        Assert.Equal((1, 1), (allowed, state.Needs["gpu"].Allowed));
        Assert.NotEqual("", state.Choose("gpu", At(300)).Path);
    }

    [Fact]
    public void Choose_NodeHasHadNoWorkForAWhile_StaysLocalAgain()
    {
        var state = Through(0, 10, lag: 0.5);
        state = Through(11, 80, lag: 0, state, units: 0);
        Assert.Equal("", state.Choose("gpu", At(80)).Path);
    }

    [Fact]
    public void Choose_LagStays_AllowsMoreStepByStepUpToTheNodesUnits()
    {
        var state = DecodePlacement.Empty;
        var allowed = new List<int>();
        for (var second = 0; second < 60; second++)
        {
            state = Beat(state, second, lag: 0.9, slots: 100);
            allowed.Add(state.Needs["gpu"].Allowed);
        }

        Assert.Equal([0, 1, 2, 3, 4, 6, 8], allowed.Distinct());
    }

    [Fact]
    public void Choose_OtherKindOfMachine_IsNotChosen()
    {
        var state = Through(0, 10, lag: 0.9);
        Assert.Equal("", state.Heard("gpu", "another", 0.9, 8, At(10)).Choose("gpu", At(10)).Path);
    }

    [Fact]
    public void Choose_DecoderOfTheSameProcess_IsNotChosen()
    {
        var state = DecodePlacement.Empty;
        for (var second = 0; second < 10; second++)
        {
            state = state.Heard(new DecoderHeartbeat("gpu", "class", 2, []), "gpu/decoder", At(second)).Heard("gpu", "class", 0.9, 8, At(second));
        }

        Assert.Equal("", state.Choose("gpu", At(9)).Path);
    }

    [Fact]
    public void Choose_SilentDecoder_IsNotChosenAndForgotten()
    {
        var state = Through(0, 10, lag: 0.9);
        var later = At(10) + DecodePlacement.Silence;
        Assert.Equal("", state.Choose("gpu", later).Path);
        Assert.Empty(state.Expire(later).Decoders);
    }

    [Fact]
    public void Choose_NewBroker_KnowsFromHeartbeatsWhatIsInUse()
    {
        var state = DecodePlacement.Empty;
        for (var second = 0; second < 4; second++)
        {
            state = state.Heard(new DecoderHeartbeat("worker", "class", 4, ["gpu"]), "worker/decoder", At(second)).Heard("gpu", "class", 0.9, 8, At(second));
        }

        Assert.Equal((1, ""), (state.Needs["gpu"].Allowed, state.Choose("gpu", At(3)).Path)); // It has the one that it may have.
    }

    [Fact]
    public void Choose_AnyHeartbeats_NeverMoreThanADecodersSlotsNorThanAllowed() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 2], Gen.Int[0, 2], Gen.Double[0, 1]).Array[1, 80].Sample(steps =>
        {
            var state = DecodePlacement.Empty;
            var now = Start;
            var serving = new Dictionary<string, List<string>> { ["w0"] = [], ["w1"] = [], ["w2"] = [] };
            foreach (var (what, who, other, number) in steps)
            {
                var (worker, gpu) = ($"w{who}", $"g{other}");
                switch (what)
                {
                    case 0:
                        now += TimeSpan.FromSeconds(number * 2);
                        state = state.Expire(now);
                        break;
                    case 1:
                        state = state.Heard(new DecoderHeartbeat(worker, "class", 2, [.. serving[worker]]), worker, now);
                        break;
                    case 2:
                        state = state.Heard(gpu, "class", number, 8, now);
                        break;
                    case 3:
                        (state, var path) = state.Choose(gpu, now);
                        if (path.Length > 0)
                        {
                            serving[path].Add(gpu); // Streams begin at once and stay.
                        }

                        break;
                }

                Assert.All(state.Decoders.Values, d => Assert.InRange(d.Serves.Length + d.Chosen.Count, 0, d.Slots));
                Assert.All(serving.Values, s => Assert.InRange(s.Count, 0, 2));
                Assert.All(state.Needs, n => Assert.InRange(n.Value.Allowed, 0, 8));
            }
        });

    private static DateTime At(double seconds) => Start.AddSeconds(seconds);

    private static DecodePlacement Through(int from, int to, double lag, DecodePlacement? state = null, int units = 8)
    {
        state ??= DecodePlacement.Empty;
        for (var second = from; second <= to; second++)
        {
            state = Beat(state, second, lag, units: units);
        }

        return state;
    }

    private static DecodePlacement Beat(DecodePlacement state, int second, double lag, int slots = 4, int units = 8) =>
        state.Heard(new DecoderHeartbeat("worker", "class", slots, []), "worker/decoder", At(second)).Heard("gpu", "class", lag, units, At(second));
}
