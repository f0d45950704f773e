using System.Collections.Immutable;

namespace ActorCluster.Core.Submissions;

/// <summary>What was written.</summary>
/// <param name="Rows">The number of frames answered.</param>
/// <param name="Videos">The number of videos.</param>
/// <param name="Notices">What was put right, as sentences.</param>
public sealed record SubmissionSummary(int Rows, int Videos, ImmutableArray<string> Notices);
