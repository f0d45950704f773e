using ActorCluster.Processing.Control;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Runs;

namespace ActorCluster.Operator.Explaining;

/// <summary>What to change about what binds a run.</summary>
internal static class Advice
{
    private const double HalfEmpty = 0.6;

    /// <summary>Says it, with the setting.</summary>
    public static string For(RunBinding binding, RunSituation s) => binding switch
    {
        RunBinding.Ended when s.Progress.Phase == RunPhase.Cancelled => "Nothing: it was cancelled. Submit its videos again under another name.",
        RunBinding.Ended => "Nothing. To add what is new: run extend " + s.Progress.Run,
        RunBinding.Paused => $"Mend what it says, if it says anything, then: run resume {s.Progress.Run}",
        RunBinding.Membership => $"Look at {Names(s.Silent)}: their processes, machines and network. What does not come back is given up with 'cluster down-unreachable', or by the cluster itself after timers.stable_after_seconds.",
        RunBinding.Silent => $"Ask again. If they stay silent, look at what else keeps the machines of {Names(s.Silent)} busy.",
        RunBinding.NoNodes => "Start a node with the role gpu.",
        RunBinding.Drained => $"Let nodes take work again: node undrain {s.Encoding.FirstOrDefault(n => n.Report!.IsDrained)?.Member.Address ?? "NODE"}, or give them slots (node slots NODE N).",
        RunBinding.OtherRuns => $"Give it precedence: run priority {s.Progress.Run} {Math.Min(IRunService.LargestPriority, s.Progress.Priority + 10)}. Or start more nodes with the role gpu.",
        RunBinding.Decoding => Decoding(s),
        RunBinding.Device => Device(s),
        RunBinding.Batches => $"Let more videos share a batch: {Slots(s.Encoding.MinBy(n => n.Report!.Slots)!)}, or lower visual.batch in the pipeline.",
        RunBinding.Store => Store(s),
        RunBinding.Supply => Supply(s),
        _ => "Ask again in half a minute.",
    };

    private static string Decoding(RunSituation s)
    {
        // A unit of work decodes with one thread, so slots below the cores leave cores without work.
        if (s.Encoding.Where(n => n.Report!.Slots < n.Report.Cores).MaxBy(n => n.Report!.Cores - n.Report.Slots) is { } few)
        {
            return $"Decode more at a time: {Slots(few, few.Report!.Cores)} (it has {few.Report.Cores} cores).";
        }

        var helpers = s.Nodes.Sum(n => n.Report?.DecodeSlots ?? 0);
        return helpers > 0
            ? $"Start more nodes with the role worker and decode_slots (there are {helpers} such slots), or lower frames.maxLongSide in the pipeline."
            : "Start nodes with the role worker and decode_slots on machines with free cores, or lower frames.maxLongSide in the pipeline.";
    }

    private static string Device(RunSituation s)
    {
        var fill = s.Encoding.SelectMany(n => n.Report!.Device!.Encoders).Where(e => e.PassesPerSecond > 0).Select(e => e.Fill).DefaultIfEmpty(1).Average();
        if (fill < HalfEmpty)
        {
            return $"Batches are only {fill:P0} full: {Slots(s.Encoding.MinBy(n => n.Report!.Slots)!)}, so that more videos share them, or lower visual.batch in the pipeline.";
        }

        return $"Start another node with the role gpu ({s.Encoding.Length} now, {s.Encoding.Sum(n => n.Report!.Device!.Lanes)} forward passes at a time), or use a faster device or a smaller encoder.";
    }

    private static string Store(RunSituation s) => s.Encoding.Where(n => !n.Report!.StorePresent).Select(n => n.Member.Address).ToList() is { Count: > 0 } without
        ? $"Mount the data folder again on {string.Join(", ", without)}; work goes on by itself."
        : s.Units.Any(u => u.WaitsForStore)
            ? "Look at the data folder's space and permissions; 'features prune -budget SIZE' makes room when no run is at work. Work goes on by itself."
            : "Put the data folder (data) on faster storage, or look at what else writes to it and to the database (state).";

    private static string Supply(RunSituation s)
    {
        var (probed, published) = (s.At("probe"), s.At("publish"));
        if (probed + published > s.OwnUnits)
        {
            return $"{probed} videos are being probed and {published} published: start more nodes with the role worker, or put videos and data folder on faster storage.";
        }

        return s.Pending <= Math.Max(1, s.Slots)
            ? "Nothing: these are its last videos. Shorter chunks (chunkSeconds in the pipeline) let more slots work on one video the next time."
            : "Ask again in a few seconds: slots are being handed out.";
    }

    private static string Slots(NodeStanding node, int? to = null) => $"node slots {node.Member.Address} {to ?? Math.Max(1, 2 * node.Report!.Slots)}";

    private static string Names(IEnumerable<NodeStanding> nodes) => string.Join(", ", nodes.Select(n => n.Member.Address));
}
