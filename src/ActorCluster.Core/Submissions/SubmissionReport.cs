using System.Collections.Immutable;

namespace ActorCluster.Core.Submissions;

/// <summary>What a check of a submission found.</summary>
/// <param name="Rows">The number of lines after the header.</param>
/// <param name="Videos">The number of videos named.</param>
/// <param name="Problems">The first problems in order of lines, at most <see cref="SubmissionValidator.MostProblems"/>.</param>
/// <param name="Total">The number of all problems.</param>
public sealed record SubmissionReport(int Rows, int Videos, ImmutableArray<SubmissionProblem> Problems, int Total)
{
    /// <summary>Whether the submission may be sent.</summary>
    public bool IsValid => Total == 0;
}
