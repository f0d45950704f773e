using ActorCluster.Core.Formats;
using ActorCluster.Processing.Runs;
using ActorCluster.Storage;

namespace ActorCluster.Operator;

/// <summary>A run in words, the same for every kind of console.</summary>
public static class RunWords
{
    private const int ListedCauses = 20;

    /// <summary>A run that this process drives.</summary>
    public static IEnumerable<string> Begin(RunSubmission submission, string pipeline, DataDirectory data, int slots, IEnumerable<string> problems) => Begin(
        new RunFrozen(
            submission.Run,
            pipeline,
            submission.Videos,
            submission.Known,
            submission.Added,
            submission.Changed,
            [.. submission.Vanished.Take(ListedCauses).Select(id => $"vanished: {id} (what was published of it stays)"), .. problems]),
        $"{Count(slots, "slot")}, data in {data.Root}",
        $", {submission.Vanished.Count} vanished");

    /// <summary>A run as it was registered.</summary>
    /// <param name="frozen">The run.</param>
    /// <param name="where">Who processes it.</param>
    /// <param name="more">What else is known of its registered videos.</param>
    public static IEnumerable<string> Begin(RunFrozen frozen, string where, string more = "")
    {
        yield return $"Run {frozen.Run}: {Count(frozen.Videos, "video")}, pipeline {frozen.Pipeline}, {where}";
        if (frozen.Known > 0)
        {
            yield return $"  going on with {Count(frozen.Known, "registered video")}: {frozen.Added} added, {frozen.Changed} to be done again{more}";
        }

        foreach (var problem in frozen.Problems)
        {
            yield return $"  {OneLine(problem)}";
        }
    }

    /// <summary>How far a run is, in a line.</summary>
    public static string Progress(RunQueries.RunProgress progress, ProgressMeter meter)
    {
        var left = meter.Left is { } time ? $", {ProgressMeter.Words(meter.VideoSecondsLeft)} of video left, about {ProgressMeter.Words(time.TotalSeconds)}" : "";
        var trouble = progress.Trouble.Length > 0 ? $"; retrying: {OneLine(progress.Trouble)}" : "";
        return $"{Ended(progress)} of {progress.Registered} videos ended, {progress.Quarantined} quarantined; {meter.Frames:0} frames, {meter.FramesPerSecond:0} frames/s{left}{trouble}";
    }

    /// <summary>The same for one line of a terminal, the most important first.</summary>
    public static string OneGlance(RunQueries.RunProgress progress, ProgressMeter meter)
    {
        var left = meter.Left is { } time ? $" · about {ProgressMeter.Words(time.TotalSeconds)} for {ProgressMeter.Words(meter.VideoSecondsLeft)} of video" : "";
        var trouble = progress.Trouble.Length > 0 ? $" · retrying: {OneLine(progress.Trouble)}" : "";
        return $"{Ended(progress)}/{progress.Registered} videos · {progress.Quarantined} quarantined · {meter.FramesPerSecond:0} frames/s{left}{trouble}";
    }

    /// <summary>A sitting of this process ends before the run.</summary>
    public static List<string> Interrupted(RunQueries.RunProgress progress, string run) =>
    [
        $"Stopped with {Ended(progress)} of {progress.Registered} videos ended. Nothing that was stored is lost.",
        $"To go on, run the same command again (run {run}).",
    ];

    /// <summary>How a run has ended, or why it waits.</summary>
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
            lines.Add($"Paused: {OneLine(cause)}");
            lines.Add("Once what is wrong is mended, run the same command again: it goes on where it stopped.");
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
        if (summary.Score is { } score)
        {
            lines.Add($"Score: macro F1 {score.MacroF1:0.000}, accuracy {score.Accuracy:0.000} over {score.Frames} labelled frames of {Count(score.Videos, "video")}");
            lines.AddRange(score.Notices.Take(ListedCauses).Select(notice => $"  {OneLine(notice)}"));
        }

        lines.Add($"Predictions: {folder.Predictions}");
        lines.Add($"Report:      {folder.Report}");
        return lines;
    }

    /// <summary>Names and causes are the world's: what commands a terminal, breaks a line or turns the direction of writing must not reach one.</summary>
    public static string OneLine(string text) => TerminalText.OneLine(text);

    /// <summary>Videos that have ended, however.</summary>
    public static int Ended(RunQueries.RunProgress progress) => progress.Completed + progress.Quarantined + progress.Cancelled;

    private static string Count(int n, string what) => n == 1 ? $"1 {what}" : $"{n} {what}s";
}
