using System.Collections.Immutable;
using ActorCluster.Processing.Runs;

namespace ActorCluster.Operator.Explaining;

/// <summary>What a run is doing, and why it is not faster.</summary>
/// <param name="Binding">What binds it.</param>
/// <param name="Lines">
/// Five lines: what it is doing; what binds it; how long it takes; stalled or slowest videos; what to change. Names in them are the world's.
/// </param>
public sealed record RunExplanation(RunBinding Binding, ImmutableArray<string> Lines)
{
    private const double Stalled = 30;
    private const int NamedVideos = 3;

    /// <summary>Explains.</summary>
    public static RunExplanation Of(RunSituation situation)
    {
        var binding = Bottleneck.Of(situation);
        return new RunExplanation(binding, [Doing(situation), Binds(binding, situation), Left(binding, situation), Videos(binding, situation), $"To change: {Advice.For(binding, situation)}"]);
    }

    private static string Doing(RunSituation s)
    {
        var p = s.Progress;
        var ended = $"{p.Completed} of {p.Registered} videos completed{(p.Quarantined > 0 ? $", {p.Quarantined} quarantined" : "")}{(p.Cancelled > 0 ? $", {p.Cancelled} cancelled" : "")}";
        if (s.HasEnded)
        {
            return $"Run {p.Run} {(p.Phase == RunPhase.Cancelled ? "was cancelled" : "has ended")}: {ended}.";
        }

        var stages = string.Join(", ", s.Pace.Stages.Select(t => $"{t.Videos} {t.Stage}"));
        var trouble = p.Trouble.Length > 0 && p.PausedReason.Length == 0 ? $"; retrying: {p.Trouble}" : "";
        return $"Run {p.Run} {(p.PausedReason.Length > 0 ? "is paused" : "is running")}: {ended}, {s.Pace.Stages.Sum(t => t.Videos)} in flight{(stages.Length > 0 ? $" ({stages})" : "")}, {s.OwnUnits} of {s.Slots} slots{trouble}";
    }

    private static string Binds(RunBinding binding, RunSituation s)
    {
        var what = binding switch
        {
            RunBinding.Ended => "Nothing binds it",
            RunBinding.Paused => $"Nothing binds it; it waits: {s.Progress.PausedReason.TrimEnd('.')}",
            RunBinding.Membership => "Bound by membership: no node that encodes can be reached",
            RunBinding.Silent => "No telling what binds it: no node that encodes has answered in time",
            RunBinding.NoNodes => "Bound by nodes: the cluster has none that encodes",
            RunBinding.Drained => "Bound by slots: operators keep them free",
            RunBinding.OtherRuns => $"Bound by slots: {s.OtherUnits} of {s.OtherUnits + s.OwnUnits} units in work are other runs'",
            RunBinding.Decoding => "Bound by decoding",
            RunBinding.Device => "Bound by the device",
            RunBinding.Batches => "Bound by batches that are not full",
            RunBinding.Store => "Bound by the store",
            RunBinding.Supply => "Bound by supply: there is less to do at a time than there are slots",
            _ => "Too early to tell what binds it",
        };
        var devices = s.Shares is { } shares && binding is not RunBinding.Ended ? $". {(s.Encoding.Length == 1 ? "The device was" : $"{s.Encoding.Length} devices were")} {Bottleneck.Words(shares)}" : "";
        var silent = s.Silent.IsEmpty || binding == RunBinding.Ended ? "" : $". Silent: {string.Join(", ", s.Silent.Select(n => $"{n.Member.Address} ({n.Silence})"))}";
        return $"{what}{devices}{silent}.";
    }

    private static string Left(RunBinding binding, RunSituation s) => binding switch
    {
        RunBinding.Ended => "Nothing is left.",
        RunBinding.Paused => "The clock stands: how long it takes is told when it goes on.",
        _ => TimeLeft.Words(s.Pace),
    };

    private static string Videos(RunBinding binding, RunSituation s)
    {
        if (binding is RunBinding.Ended or RunBinding.Paused)
        {
            return s.OwnUnits == 0 ? "No video is in work." : $"{s.OwnUnits} units in work go on to their end.";
        }

        var working = s.Pace.Slowest.Where(v => !WaitingStages.Has(v.Stage)).ToList();
        var stalled = working.Where(v => v.StillSeconds >= Stalled).Take(NamedVideos).ToList();
        if (stalled.Count > 0)
        {
            return $"Stalled: {string.Join("; ", stalled.Select(v => Words(v, s)))}.";
        }

        return working.Count == 0 ? "No video is stalled; none is in work." : $"No video is stalled; slowest: {string.Join("; ", working.OrderByDescending(v => v.Seconds).Take(NamedVideos).Select(v => Words(v, s)))}.";
    }

    private static string Words(VideoPace video, RunSituation s)
    {
        var node = s.Nodes.FirstOrDefault(n => n.Report?.Units.Any(u => u.Run == s.Progress.Run && u.Video == video.Id) == true)?.Member.Address;
        var done = video.Frames > 0 ? $", {(double)video.FramesDone / video.Frames:P0} done" : "";
        var still = video.StillSeconds >= Stalled ? $", no progress for {video.StillSeconds:0} s" : "";
        return $"{video.Id} ({video.Stage}{(node is null ? "" : $" on {node}")}{done}, {video.Seconds:0} s in work{still})";
    }
}
