using System.Collections.Immutable;

namespace ActorCluster.Core.Manifests;

/// <summary>A manifest that cannot be used. Nothing of it is taken: a run starts with all of its videos or not at all.</summary>
public sealed class ManifestFormatException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="problems">The first problems in order of lines, at least one.</param>
    /// <param name="total">The number of all problems found.</param>
    public ManifestFormatException(ImmutableArray<ManifestProblem> problems, int total)
        : base(Describe(problems, total))
    {
        Problems = problems;
        Total = total;
    }

    /// <summary>The first problems in order of lines.</summary>
    public ImmutableArray<ManifestProblem> Problems { get; }

    /// <summary>The number of all problems found, those beyond <see cref="Problems"/> included.</summary>
    public int Total { get; }

    private static string Describe(ImmutableArray<ManifestProblem> problems, int total)
    {
        var rest = total > problems.Length ? $"\n  and {total - problems.Length} more" : "";
        return $"The manifest cannot be used:\n  {string.Join("\n  ", problems)}{rest}";
    }
}
