using System.Collections.Immutable;
using ActorCluster.Processing.Serialization;

namespace ActorCluster.Processing.Videos;

/// <summary>One unit of a video's work as operators see it: a chunk, the audio track, or all chunks of a video that can only be decoded in one go.</summary>
/// <param name="Unit">Its index in the video.</param>
/// <param name="Name">What it covers, such as <c>chunk 3</c>.</param>
/// <param name="State">What has become of it: waiting, suspect, working, working alone, encoded, reused (an earlier run had stored it) or given up.</param>
/// <param name="Attempts">How often it was started.</param>
/// <param name="Tries">The newest attempts, oldest first, as far as they are kept.</param>
public sealed record VideoUnit(int Unit, string Name, string State, int Attempts, ImmutableArray<UnitAttempt> Tries) : IWireMessage;
