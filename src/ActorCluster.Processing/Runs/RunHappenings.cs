using System.Collections.Immutable;

namespace ActorCluster.Processing.Runs;

/// <summary>What has happened to a run since somebody asked last.</summary>
/// <param name="Count">How much has happened to it since it was begun: what to ask from the next time.</param>
/// <param name="LeftOut">How much of what is new is not told, as more has come after it than is kept.</param>
/// <param name="New">What is new, oldest first, at most <see cref="Most"/>.</param>
public sealed record RunHappenings(long Count, long LeftOut, ImmutableArray<RunHappening> New)
{
    /// <summary>The most that are told at a time.</summary>
    public const int Most = 200;
}
