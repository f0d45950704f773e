namespace ActorCluster.Core.Submissions;

/// <summary>Something that is wrong in a submission.</summary>
/// <param name="Line">The 1-based line; of missing rows, the line that they should follow.</param>
/// <param name="Text">What is wrong and what is expected, as a sentence.</param>
public readonly record struct SubmissionProblem(int Line, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => $"line {Line}: {Text}";
}
