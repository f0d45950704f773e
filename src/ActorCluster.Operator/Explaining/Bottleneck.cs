using ActorCluster.Processing.Control;
using ActorCluster.Processing.Runs;

namespace ActorCluster.Operator.Explaining;

/// <summary>Finds what binds a run.</summary>
internal static class Bottleneck
{
    /// <summary>A device that is busy for this share of the time is what binds, whatever it waits for in the rest.</summary>
    private const double Busy = 0.75;

    /// <summary>Shares of less than this altogether tell nothing.</summary>
    private const double Telling = 0.1;

    private const double ShortestMeasurement = 3;

    /// <summary>Finds it.</summary>
    public static RunBinding Of(RunSituation s)
    {
        if (s.HasEnded)
        {
            return RunBinding.Ended;
        }

        if (s.Progress.PausedReason.Length > 0)
        {
            return RunBinding.Paused;
        }

        if (s.Encoding.IsEmpty)
        {
            return s.Silent.IsEmpty ? RunBinding.NoNodes : s.Silent.All(n => !n.Member.IsReachable) ? RunBinding.Membership : RunBinding.Silent;
        }

        if (s.Encoding.Any(n => !n.Report!.StorePresent) || s.Units.Any(u => u.WaitsForStore))
        {
            return RunBinding.Store;
        }

        if (s.Slots == 0 && s.OwnUnits == 0)
        {
            return RunBinding.Drained;
        }

        return s.OtherUnits > s.OwnUnits && s.At(WaitingStages.Slot, WaitingStages.Turn) > 0 ? RunBinding.OtherRuns : ByShares(s);
    }

    private static RunBinding ByShares(RunSituation s)
    {
        if (s.Shares is not { Seconds: >= ShortestMeasurement } shares)
        {
            return RunBinding.TooEarly;
        }

        if (shares.Busy >= Busy)
        {
            return RunBinding.Device;
        }

        var causes = new List<(RunBinding Binding, double Share)>
        {
            (RunBinding.Device, shares.Busy), (RunBinding.Decoding, shares.Decode), (RunBinding.Store, shares.Store), (RunBinding.Batches, shares.Batch),
        };
        // While most slots have work, that they had none some seconds ago is the past: the run has just begun.
        if (s.Units.Count() * 2 < s.Slots)
        {
            causes.Add((RunBinding.Supply, shares.NoDemand));
            causes.Add((RunBinding.Drained, shares.Drained));
        }

        return causes.Sum(c => c.Share) < Telling ? RunBinding.TooEarly : causes.MaxBy(c => c.Share).Binding;
    }

    /// <summary>The shares in words, the idle ones that matter.</summary>
    public static string Words(DeviceShares shares)
    {
        (double Share, string Words)[] idle =
        [
            (shares.Decode, "waiting for decoding"), (shares.Store, "waiting for the store"), (shares.Batch, "with a batch not full yet"), (shares.NoDemand, "with nothing to do"), (shares.Drained, "drained"),
            (shares.Paused, "with nothing but paused runs"),
        ];
        var reasons = idle.Where(i => i.Share >= 0.01).OrderByDescending(i => i.Share).Select(i => $"{i.Share:P0} {i.Words}").ToList();
        return $"busy {shares.Busy:P0} of the last {shares.Seconds:0} s{(reasons.Count == 0 ? "" : $", idle {string.Join(", ", reasons)}")}";
    }
}
