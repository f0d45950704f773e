using System.Collections.Immutable;
using ActorCluster.Processing.Serialization;

namespace ActorCluster.Processing.Videos;

/// <summary>How one video ended, with what an operator asks afterwards. Kept by the run; the video's own history is reduced to it.</summary>
/// <param name="Index">The video's line in the manifest, from 0.</param>
/// <param name="Revision">The revision that ended.</param>
/// <param name="Completed">True for completed, false for quarantined.</param>
/// <param name="Frames">Rows in the predictions; 0 when quarantined before the plan.</param>
/// <param name="DurationSeconds">The video's duration in seconds.</param>
/// <param name="FaceFrames">Frames with a face.</param>
/// <param name="LabelTotals">Frames by label, [8]; empty when quarantined.</param>
/// <param name="ChunksPlanned">Chunks of the plan, the audio pass counting as one.</param>
/// <param name="ChunksStarted">Chunks started, from the journal; starts that never reached a node do not count.</param>
/// <param name="ChunksReused">Chunks whose features an earlier run had stored.</param>
/// <param name="WallSeconds">From the first event to the last, in seconds.</param>
/// <param name="ContentHash">SHA-256 of the file; empty when unknown.</param>
/// <param name="Files">Names of the prediction files.</param>
/// <param name="Stage">Where a quarantined video failed.</param>
/// <param name="Cause">Why it was quarantined.</param>
/// <param name="ToolOutput">ffmpeg's last lines.</param>
/// <param name="Attempts">The largest number of attempts at one unit.</param>
/// <param name="Warnings">What the probe found odd.</param>
internal sealed record VideoOutcome(
    int Index,
    int Revision,
    bool Completed,
    int Frames,
    double DurationSeconds,
    int FaceFrames,
    ImmutableArray<int> LabelTotals,
    int ChunksPlanned,
    int ChunksStarted,
    int ChunksReused,
    double WallSeconds,
    string ContentHash,
    ImmutableArray<string> Files,
    string Stage,
    string Cause,
    ImmutableArray<string> ToolOutput,
    int Attempts,
    ImmutableArray<string> Warnings) : IWireMessage
{
    /// <summary>Chunks that were started more than once.</summary>
    public int ChunksRedone => Math.Max(0, ChunksStarted - Math.Max(0, ChunksPlanned - ChunksReused));
}
