using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ActorCluster.Storage;

/// <summary>What a run did, as <c>summary.json</c> and <c>report.html</c> tell it. All numbers are finite.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Pipeline">The pipeline's name.</param>
/// <param name="PipelineHash">The pipeline's canonical hash.</param>
/// <param name="EncoderHash">The encoder's hash, under which the features are stored.</param>
/// <param name="StartedAt">When the run was first started (UTC).</param>
/// <param name="EndedAt">When it ended (UTC); null while it has not.</param>
/// <param name="State">How it stands.</param>
/// <param name="StateCause">Why it was paused or cancelled; null otherwise.</param>
/// <param name="Counts">Its videos by status.</param>
/// <param name="Frames">Frames of completed videos.</param>
/// <param name="VideoSeconds">Seconds of completed videos.</param>
/// <param name="Chunks">Its chunks.</param>
/// <param name="WallSeconds">Seconds of wall clock of the sitting that wrote this.</param>
/// <param name="ActiveSeconds">Seconds of that sitting from the first chunk's start to the last one's end.</param>
/// <param name="Speed">Its speed against what binds; null when nothing was processed.</param>
/// <param name="Labels">Frames of completed videos by label.</param>
/// <param name="Videos">Its videos in the manifest's order.</param>
public sealed record RunSummary(
    string Run,
    string Pipeline,
    string PipelineHash,
    string EncoderHash,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    RunState State,
    string? StateCause,
    RunCounts Counts,
    long Frames,
    double VideoSeconds,
    ChunkCounts Chunks,
    double WallSeconds,
    double ActiveSeconds,
    RunSpeed? Speed,
    LabelCounts Labels,
    ImmutableArray<VideoSummary> Videos)
{
    /// <summary>The version of this schema; raised when a field changes its meaning or goes.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>How well the predictions agree with the manifest's labels; null, and not in the file, where no video has labels.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RunScore? Score { get; init; }
}
