using System.Collections.Immutable;

namespace ActorCluster.Storage.Tests;

/// <summary>Summaries for the tests of what is made from them.</summary>
internal static class RunSamples
{
    public static VideoSummary Completed(string id, long frames = 300, double seconds = 10, double faces = 0.9, LabelCounts? labels = null) => new(
        id,
        "/videos/" + id,
        VideoStatus.Completed,
        frames,
        seconds,
        faces,
        labels ?? new LabelCounts(frames, 0, 0, 0, 0, 0, 0, 0),
        ["predictions/" + OutputNames.FileStem(id) + ".csv"],
        new string('c', 64),
        new ChunkCounts(1, 1, 0),
        2.5);

    public static VideoSummary Quarantined(string id, string cause, params ImmutableArray<string> toolOutput) => new(
        id,
        "/videos/" + id,
        VideoStatus.Quarantined,
        0,
        0,
        0,
        LabelCounts.Zero,
        [],
        null,
        new ChunkCounts(0, 0, 0),
        0.2,
        new VideoFault("probe", cause, 1, toolOutput));

    public static RunSummary Run(params ImmutableArray<VideoSummary> videos)
    {
        var completed = videos.Where(v => v.Status == VideoStatus.Completed).ToList();
        return new RunSummary(
            "demo",
            "lite",
            new string('a', 64),
            new string('b', 64),
            new DateTimeOffset(2026, 3, 4, 10, 20, 30, TimeSpan.Zero),
            new DateTimeOffset(2026, 3, 4, 10, 21, 0, TimeSpan.Zero),
            RunState.Completed,
            null,
            new RunCounts(
                videos.Length,
                completed.Count,
                videos.Count(v => v.Status == VideoStatus.Quarantined),
                videos.Count(v => v.Status == VideoStatus.Cancelled)),
            completed.Sum(v => v.Frames),
            completed.Sum(v => v.DurationSeconds),
            new ChunkCounts(videos.Length, videos.Length, 0),
            30,
            28,
            new RunSpeed(143.2, 5.2, "decoding, face detection and the expression network", 150.1, 0.954),
            completed.Aggregate(LabelCounts.Zero, (sum, v) => sum.Add(v.Labels)),
            videos);
    }
}
