using System.Collections.Immutable;

namespace ActorCluster.Processing.Inference;

/// <summary>What an export made of a run.</summary>
/// <param name="Videos">Its videos, in the manifest's order.</param>
/// <param name="LeftOut">The others with the reason, a sentence each.</param>
/// <param name="Written">How many files were written; the rest was there.</param>
public sealed record ExportedRun(ImmutableArray<ExportedVideo> Videos, ImmutableArray<string> LeftOut, int Written);
