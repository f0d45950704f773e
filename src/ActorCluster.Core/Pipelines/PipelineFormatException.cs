using System.Collections.Immutable;

namespace ActorCluster.Core.Pipelines;

/// <summary>A pipeline file that cannot be used, with everything that is wrong in it.</summary>
public sealed class PipelineFormatException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="problems">One sentence per problem, each naming the key's path and what is allowed; at least one.</param>
    /// <param name="inner">The exception behind it, if any.</param>
    public PipelineFormatException(IEnumerable<string> problems, Exception? inner = null)
        : this([.. problems], inner)
    {
    }

    private PipelineFormatException(ImmutableArray<string> problems, Exception? inner)
        : base(Describe(problems), inner)
    {
        Problems = problems;
    }

    /// <summary>One sentence per problem.</summary>
    public ImmutableArray<string> Problems { get; }

    private static string Describe(ImmutableArray<string> problems)
    {
        const int MostShown = 20;
        var rest = problems.Length > MostShown ? $"\n  and {problems.Length - MostShown} more" : "";
        return $"The pipeline file cannot be used:\n  {string.Join("\n  ", problems.Take(MostShown))}{rest}";
    }
}
