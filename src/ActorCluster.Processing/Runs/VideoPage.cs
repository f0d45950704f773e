using System.Collections.Immutable;

namespace ActorCluster.Processing.Runs;

/// <summary>Some of a run's videos.</summary>
/// <param name="Matches">How many there are of those that were asked for.</param>
/// <param name="Rows">The page.</param>
public sealed record VideoPage(int Matches, ImmutableArray<VideoRow> Rows);
