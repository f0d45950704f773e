using System.Collections.Immutable;
using ActorCluster.Operator.Explaining;
using ActorCluster.Processing.Control;
using ActorCluster.Processing.Runs;

namespace ActorCluster.Operator.Tests.Explaining;

/// <summary>Situations of a run, each a change of one in which two nodes of two slots work for it.</summary>
internal static class Situations
{
    public static readonly DeviceShares Idle = new(30, 0, 0, 0, 0, 1, 0);
    public static readonly DeviceShares BusyDevice = new(30, 0.93, 0.04, 0, 0, 0.03, 0);
    public static readonly DeviceShares SlowDecoding = new(30, 0.2, 0.7, 0.05, 0.01, 0.04, 0);
    public static readonly DeviceShares SlowStore = new(30, 0.1, 0.15, 0, 0.7, 0.05, 0);

    public static RunSituation Of(DeviceShares shares) => new(Progress(), Pace(), [Node("a:1", shares), Node("b:1", shares)]);

    public static RunQueries.RunProgress Progress(int completed = 3, int quarantined = 0, bool ended = false, string paused = "", string trouble = "") =>
        new("spring", 12, completed, quarantined, 0, 9000, 360, ended, paused, trouble, []);

    public static RunPace Pace(params ImmutableArray<VideoPace> videos) => new(
        "spring", 10, [20, 22, 18, 21, 19], 7, 1080, 40,
        [new StageCount("decode", 4), new StageCount("waiting for a slot", 4)],
        videos.IsEmpty ? [new VideoPace("slow.mp4", "decode", 40, 100, 70, 1)] : videos);

    public static NodeStanding Node(string address, DeviceShares? shares, int slots = 2, int inUse = 2, int cores = 2, string run = "spring") => new(
        Member(address),
        new NodeReport(
            address + "#1", "1.0", false, slots, inUse,
            [.. Enumerable.Range(0, inUse).Select(i => new UnitReport(run, i == 0 && address == "a:1" ? "slow.mp4" : $"v{i}", "chunk 1", "decode", 10, 20, 1, false))],
            0, 1 << 28, cores, 100, 0, 1 << 30, 0, true,
            shares is null ? null : new DeviceReport("cpu", 2, shares, [new EncoderReport("lite, visual", 8, 0.95, 3)])),
        "");

    public static NodeStanding Silent(string address) => new(Member(address), null, "no answer within 250 ms");

    public static MemberReport Member(string address) => new(address, address + "#1", ["coordinator", "gpu", "worker"], "Up", true, false, false, false);

    public static RunSituation With(this RunSituation s, Func<NodeReport, NodeReport> change) => new(s.Progress, s.Pace, [.. s.Nodes.Select(n => n with { Report = change(n.Report!) })]);
}
