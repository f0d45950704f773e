using System.Collections.Immutable;

namespace ActorCluster.Storage;

/// <summary>Why a video was quarantined.</summary>
/// <param name="Stage">Where the fault was met, such as <c>probe</c>.</param>
/// <param name="Cause">What is wrong with the input, as a sentence.</param>
/// <param name="Attempts">How often the video was tried, at least 1.</param>
/// <param name="ToolOutput">The last lines of the external tool's own messages, oldest first.</param>
public sealed record VideoFault(string Stage, string Cause, int Attempts, ImmutableArray<string> ToolOutput);
