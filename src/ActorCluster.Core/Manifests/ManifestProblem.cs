namespace ActorCluster.Core.Manifests;

/// <summary>Something that is wrong in a manifest.</summary>
/// <param name="Line">The 1-based line where the entry begins.</param>
/// <param name="Text">What is wrong and what is allowed, as a sentence.</param>
public readonly record struct ManifestProblem(int Line, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => $"line {Line}: {Text}";
}
