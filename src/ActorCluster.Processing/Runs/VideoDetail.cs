using System.Collections.Immutable;
using ActorCluster.Processing.Videos;

namespace ActorCluster.Processing.Runs;

/// <summary>A video with what has happened to it.</summary>
/// <param name="Row">What lists show of it.</param>
/// <param name="Uri">Its file.</param>
/// <param name="Revision">Under which revision it is, or was last, processed: one more for every change of its file and every retry.</param>
/// <param name="ContentHash">SHA-256 of its content; empty as long as it is not known.</param>
/// <param name="Warnings">What the probe found odd.</param>
/// <param name="ToolOutput">ffmpeg's last lines, where they tell why it failed.</param>
/// <param name="Files">Names of its prediction files.</param>
/// <param name="Units">Its units of work with their attempts.</param>
/// <param name="Timeline">What happened to it, oldest first.</param>
public sealed record VideoDetail(
    VideoRow Row,
    string Uri,
    int Revision,
    string ContentHash,
    ImmutableArray<string> Warnings,
    ImmutableArray<string> ToolOutput,
    ImmutableArray<string> Files,
    ImmutableArray<VideoUnit> Units,
    ImmutableArray<VideoHappening> Timeline);
