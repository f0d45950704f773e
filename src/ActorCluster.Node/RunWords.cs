using ActorCluster.Processing.Runs;
using ActorCluster.Storage;

namespace ActorCluster.Node;

/// <summary>A run in words, the same for every kind of console.</summary>
internal static class RunWords
{
    private const int ListedCauses = 20;

    public static IEnumerable<string> Begin(RunSubmission submission, string pipeline, DataDirectory data, int slots, IReadOnlyList<string> problems)
    {
        yield return $"Run {submission.Run}: {Count(submission.Videos, "video")}, pipeline {pipeline}, {Count(slots, "slot")}, data in {data.Root}";
        if (submission.Known > 0)
        {
            yield return $"  going on with {Count(submission.Known, "registered video")}: {submission.Added} added, {submission.Changed} to be done again, {submission.Vanished.Count} vanished";
        }

        foreach (var id in submission.Vanished.Take(ListedCauses))
        {
            yield return $"  vanished: {OneLine(id)} (what was published of it stays)";
        }

        foreach (var problem in problems)
        {
            yield return $"  {OneLine(problem)}";
        }
    }

    public static string Progress(RunQueries.RunProgress progress, ProgressMeter meter)
    {
        var ended = progress.Completed + progress.Quarantined + progress.Cancelled;
        var left = meter.Left is { } time ? $", {ProgressMeter.Words(meter.VideoSecondsLeft)} of video left, about {ProgressMeter.Words(time.TotalSeconds)}" : "";
        var trouble = progress.Trouble.Length > 0 ? $"; retrying: {OneLine(progress.Trouble)}" : "";
        return $"{ended} of {progress.Registered} videos ended, {progress.Quarantined} quarantined; {meter.Frames:0} frames, {meter.FramesPerSecond:0} frames/s{left}{trouble}";
    }

    /// <summary>The same for one line of a terminal, the most important first.</summary>
    public static string Short(RunQueries.RunProgress progress, ProgressMeter meter)
    {
        var ended = progress.Completed + progress.Quarantined + progress.Cancelled;
        var left = meter.Left is { } time ? $" · about {ProgressMeter.Words(time.TotalSeconds)} for {ProgressMeter.Words(meter.VideoSecondsLeft)} of video" : "";
        var trouble = progress.Trouble.Length > 0 ? $" · retrying: {OneLine(progress.Trouble)}" : "";
        return $"{ended}/{progress.Registered} videos · {progress.Quarantined} quarantined · {meter.FramesPerSecond:0} frames/s{left}{trouble}";
    }

    public static List<string> Interrupted(RunQueries.RunProgress progress, string run) =>
    [
        $"Stopped with {progress.Completed + progress.Quarantined + progress.Cancelled} of {progress.Registered} videos ended. Nothing that was stored is lost.",
        $"To go on, run the same command again (run {run}).",
    ];

    public static List<string> End(RunSummary summary, RunDirectory folder)
    {
        var counts = summary.Counts;
        var lines = new List<string>
        {
            $"{summary.State}: {counts.Registered} registered = {counts.Completed} completed + {counts.Quarantined} quarantined + {counts.Cancelled} cancelled"
                + (summary.State == RunState.Completed ? "" : $" + {counts.Registered - counts.Completed - counts.Quarantined - counts.Cancelled} waiting"),
        };
        if (summary.StateCause is { } cause)
        {
            lines.Add($"Paused, because nothing but failures of the environment came back: {OneLine(cause)}");
            lines.Add("Mend that and run the same command again: it goes on where it stopped.");
        }

        foreach (var video in summary.Videos.Where(v => v.Fault is not null).Take(ListedCauses))
        {
            lines.Add($"  quarantined: {OneLine(video.Id)}: {video.Fault!.Stage}: {OneLine(video.Fault.Cause)}");
        }

        if (counts.Quarantined > ListedCauses)
        {
            lines.Add($"  and {counts.Quarantined - ListedCauses} more, all in {folder.Quarantine}");
        }

        lines.Add($"{summary.Frames} frames ({ProgressMeter.Words(summary.VideoSeconds)} of video) in all; chunks: {summary.Chunks.Planned} planned, {summary.Chunks.Started} started, {summary.Chunks.Redone} redone");
        lines.Add(summary.Speed is { } speed
            ? $"Speed: {speed.FramesPerSecond:0} frames/s, {speed.TimesRealTime:0.0}x real time, {speed.Ratio:P0} of what binds: {speed.BoundBy}"
            : "Speed: nothing had to be processed in this sitting.");
        lines.Add($"Predictions: {folder.Predictions}");
        lines.Add($"Report:      {folder.Report}");
        return lines;
    }

    /// <summary>Names and causes are the world's: control characters in them must not reach a terminal.</summary>
    public static string OneLine(string text) => string.Concat(text.Select(c => c is '\n' or '\r' or '\t' ? ' ' : char.IsControl(c) ? '\uFFFD' : c));

    private static string Count(int n, string what) => n == 1 ? $"1 {what}" : $"{n} {what}s";
}
