using System.Collections.Immutable;
using ActorCluster.Operator.Explaining;
using ActorCluster.Processing.Control;
using ActorCluster.Processing.Runs;
using CsCheck;
using static ActorCluster.Operator.Tests.Explaining.Situations;

namespace ActorCluster.Operator.Tests.Explaining;

public sealed class RunExplanationTests
{
    [Fact]
    public void Of_DeviceBusy_SaysTheWholeStory()
    {
        var explained = RunExplanation.Of(Of(BusyDevice));
        Assert.Equal(RunBinding.Device, explained.Binding);
        string[] expected =
        [
            "Run spring is running: 3 of 12 videos completed, 8 in flight (4 decode, 4 waiting for a slot), 4 of 4 slots",
            "Bound by the device. 2 devices were busy 93 % of the last 30 s, idle 4 % waiting for decoding, 3 % with nothing to do.",
            "About 54 s left (48.7 s to 59.8 s): 18 min of video left (give or take 80 s), at 20 s of video a second over the last 50 s.",
            "No video is stalled; slowest: slow.mp4 (decode on a:1, 40 % done, 70 s in work).",
            "To change: Start another node with the role gpu (2 now, 4 forward passes at a time), or use a faster device or a smaller encoder.",
        ];
        Assert.Equal(string.Join('\n', expected), string.Join('\n', explained.Lines));
    }

    [Fact]
    public void Of_DeviceBusyWithHalfEmptyBatches_SuggestsMoreSlots()
    {
        var s = Of(BusyDevice).With(r => r with { Device = r.Device! with { Encoders = [new EncoderReport("lite, visual", 8, 0.3, 2), new EncoderReport("old, visual", 8, 0, 0)] } });
        Is(RunBinding.Device, "Batches are only 30 % full: node slots a:1 4", s);
    }

    [Fact]
    public void Of_SlowDecodingOnNodesWithFreeCores_SuggestsSlots() =>
        Is(RunBinding.Decoding, "node slots a:1 16 (it has 16 cores)", Of(SlowDecoding).With(r => r with { Cores = r.Node.StartsWith('a') ? 16 : 2 }));

    [Fact]
    public void Of_SlowDecodingOnAllCores_SuggestsHelpers()
    {
        var explained = Is(RunBinding.Decoding, "decode_slots", Of(SlowDecoding));
        Assert.Contains("busy 20 % of the last 30 s, idle 70 % waiting for decoding, 5 % with a batch not full yet, 4 % with nothing to do, 1 % waiting for the store.", explained.Lines[1], StringComparison.Ordinal);
        Is(RunBinding.Decoding, "there are 6 such slots", Of(SlowDecoding).With(r => r with { DecodeSlots = 3 }));
    }

    [Fact]
    public void Of_SlowStore_SaysSo() => Is(RunBinding.Store, "faster storage", Of(SlowStore));

    [Fact]
    public void Of_StoreAwayOnOneNode_OutweighsBusyDevices() =>
        Is(RunBinding.Store, "Mount the data folder again on a:1", Of(BusyDevice).With(r => r with { StorePresent = !r.Node.StartsWith('a') }));

    [Fact]
    public void Of_ResultsWaitForAFullStore_SuggestsToMakeRoom() =>
        Is(RunBinding.Store, "features prune", Of(SlowDecoding).With(r => r with { Units = [.. r.Units.Select(u => u with { WaitsForStore = true })] }));

    [Fact]
    public void Of_BatchesNeverFull_SuggestsSharing() => Is(RunBinding.Batches, "lower visual.batch", Of(new DeviceShares(30, 0.2, 0.1, 0.6, 0, 0.1, 0)));

    [Fact]
    public void Of_PausedRun_SaysWhyAndHowToGoOn()
    {
        var explained = Is(RunBinding.Paused, "run resume spring", Of(Idle) with { Progress = Progress(paused: "store: disk full. Free some.") });
        Assert.Contains("it waits: store: disk full. Free some.", explained.Lines[1], StringComparison.Ordinal);
        Assert.DoesNotContain("left (", explained.Lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Of_EndedRun_HasNothingToChange() => Is(RunBinding.Ended, "Nothing.", Of(Idle) with { Progress = Progress(completed: 11, quarantined: 1, ended: true) });

    [Fact]
    public void Of_NoNodeThatEncodes_SuggestsOne() => Is(RunBinding.NoNodes, "Start a node with the role gpu", new RunSituation(Progress(), Pace(), []));

    [Fact]
    public void Of_AllNodesSilent_BlamesNoOne()
    {
        var explained = Is(RunBinding.Silent, "Ask again", new RunSituation(Progress(), Pace(), [Silent("a:1"), Silent("b:1")]));
        Assert.Contains("a:1 (no answer within 250 ms)", explained.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Of_AllNodesUnreachable_IsAMatterOfMembership()
    {
        var gone = Silent("a:1") with { Member = Member("a:1") with { IsReachable = false }, Silence = "unreachable" };
        Assert.Contains("a:1 (unreachable)", Is(RunBinding.Membership, "Look at a:1", new RunSituation(Progress(), Pace(), [gone])).Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Of_OneNodeSilent_JudgesByTheOthersAndSaysSo()
    {
        var explained = Is(RunBinding.Device, "", new RunSituation(Progress(), Pace(), [Node("a:1", BusyDevice), Silent("b:1")]));
        Assert.Contains("Silent: b:1 (no answer within 250 ms)", explained.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Of_AllNodesDrained_SuggestsToUndrain() =>
        Is(RunBinding.Drained, "node undrain a:1", new RunSituation(Progress(), Pace(), [Node("a:1", Idle, inUse: 0), Node("b:1", Idle, inUse: 0)]).With(r => r with { IsDrained = true }));

    [Fact]
    public void Of_SlotsWorkForAnotherRun_SuggestsPriority() =>
        Is(RunBinding.OtherRuns, "run priority spring", new RunSituation(Progress(), Pace(), [Node("a:1", BusyDevice, run: "other"), Node("b:1", BusyDevice, run: "other")]));

    [Fact]
    public void Of_LastVideo_IsShortOfSupply()
    {
        var pace = Pace() with { Stages = [new StageCount("decode", 1)] };
        Is(RunBinding.Supply, "these are its last videos", new RunSituation(Progress(completed: 11), pace, [Node("a:1", new DeviceShares(30, 0.2, 0.2, 0, 0, 0.6, 0), slots: 8, inUse: 1)]));
    }

    [Fact]
    public void Of_VideosAreProbed_SuggestsWorkers()
    {
        var pace = Pace() with { Stages = [new StageCount("probe", 4)] };
        Is(RunBinding.Supply, "role worker", new RunSituation(Progress(), pace, [Node("a:1", Idle, inUse: 0)]));
    }

    [Fact]
    public void Of_RunHasJustBegunOnIdleNodes_IsTooEarly()
    {
        Is(RunBinding.TooEarly, "Ask again", Of(new DeviceShares(30, 0.02, 0.04, 0, 0, 0.94, 0)));
        Is(RunBinding.TooEarly, "Ask again", Of(BusyDevice with { Seconds = 1 }));
    }

    [Fact]
    public void Of_RunHasJustBegunAndDecodes_IsNotShortOfSupply() => Is(RunBinding.Decoding, "", Of(new DeviceShares(30, 0.05, 0.3, 0, 0, 0.65, 0)));

    [Fact]
    public void Of_VideosThatStandStill_AreNamedWithStageAgeAndNode()
    {
        var s = Of(SlowDecoding) with { Pace = Pace(new VideoPace("slow.mp4", "decode", 40, 100, 70, 34), new VideoPace("patient.mp4", "waiting for a slot", 0, 0, 70, 70)) };
        Assert.Equal("Stalled: slow.mp4 (decode on a:1, 40 % done, 70 s in work, no progress for 34 s).", RunExplanation.Of(s).Lines[3]);
    }

    [Fact]
    public void Of_FailuresAreRetried_AreTold() =>
        Assert.EndsWith("; retrying: ffmpeg: it is missing.", RunExplanation.Of(Of(BusyDevice) with { Progress = Progress(trouble: "ffmpeg: it is missing.") }).Lines[0], StringComparison.Ordinal);

    [Fact]
    public void Of_AnySituation_HasFiveLinesAndNoHoles() =>
        Gen.Select(Gen.Double[0, 1].Array[6], Gen.Int[0, 3], Gen.Int[0, 9], Gen.Bool, Gen.Double[0, 40]).Sample((parts, nodes, slots, drained, seconds) =>
        {
            var sum = Math.Max(1e-9, parts.Sum());
            var shares = new DeviceShares(seconds, parts[0] / sum, parts[1] / sum, parts[2] / sum, parts[3] / sum, parts[4] / sum, parts[5] / sum);
            var s = new RunSituation(
                Progress(), Pace() with { Rates = [.. parts], SecondsLeftError = 1e4 * parts[0] },
                [.. Enumerable.Range(0, nodes).Select(i => Node($"n{i}:1", shares, slots, Math.Min(slots, i)) with { Silence = "" })]);
            s = drained ? s.With(r => r with { IsDrained = true }) : s;
            var explained = RunExplanation.Of(s);
            Assert.Equal(5, explained.Lines.Length);
            Assert.All(explained.Lines, l => Assert.DoesNotContain("NaN", l, StringComparison.Ordinal));
            Assert.All(explained.Lines, l => Assert.DoesNotContain("∞", l, StringComparison.Ordinal));
        });

    private static RunExplanation Is(RunBinding binding, string advice, RunSituation situation)
    {
        var explained = RunExplanation.Of(situation);
        Assert.Equal(binding, explained.Binding);
        Assert.Equal(5, explained.Lines.Length);
        Assert.Contains(advice, explained.Lines[4], StringComparison.Ordinal);
        return explained;
    }
}
