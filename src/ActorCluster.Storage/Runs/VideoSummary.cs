using System.Collections.Immutable;

namespace ActorCluster.Storage;

/// <summary>One video of a run.</summary>
/// <param name="Id">The video's id.</param>
/// <param name="Uri">The video file.</param>
/// <param name="Status">How it stands.</param>
/// <param name="Frames">Frames of its timeline, 0 when unknown.</param>
/// <param name="DurationSeconds">Its duration in seconds, 0 when unknown.</param>
/// <param name="FacesShare">The share of frames with a face, 0 to 1.</param>
/// <param name="Labels">Its frames by label.</param>
/// <param name="Files">Its prediction files, relative to the run's folder.</param>
/// <param name="ContentHash">The hash of the video's content; null when it could not be read.</param>
/// <param name="Chunks">Its chunks.</param>
/// <param name="WallSeconds">From its start to its end, in seconds.</param>
/// <param name="Fault">Why it was quarantined; null for other videos.</param>
public sealed record VideoSummary(
    string Id,
    string Uri,
    VideoStatus Status,
    long Frames,
    double DurationSeconds,
    double FacesShare,
    LabelCounts Labels,
    ImmutableArray<string> Files,
    string? ContentHash,
    ChunkCounts Chunks,
    double WallSeconds,
    VideoFault? Fault = null);
