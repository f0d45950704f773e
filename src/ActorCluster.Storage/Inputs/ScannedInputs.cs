using System.Collections.Immutable;
using ActorCluster.Core;

namespace ActorCluster.Storage;

/// <summary>What the inputs of a run name.</summary>
/// <param name="Entries">The videos in the order of the inputs; those that the run knows keep their ids.</param>
/// <param name="Vanished">Videos of the run that the inputs no longer name.</param>
/// <param name="Problems">What an operator should know, a sentence each: a folder that cannot be read or holds no video.</param>
public sealed record ScannedInputs(ImmutableArray<VideoEntry> Entries, ImmutableArray<VideoEntry> Vanished, ImmutableArray<string> Problems);
