using ActorCluster.Storage;

namespace ActorCluster.Training.Evaluation;

/// <summary>The layout of an evaluation's folder.</summary>
/// <param name="Root">The folder.</param>
public sealed record EvaluationFolder(string Root)
{
    /// <summary>All figures, for programs.</summary>
    public string Json => Path.Combine(Root, "report.json");

    /// <summary>The tables, for a pull request or a paper.</summary>
    public string Markdown => Path.Combine(Root, "report.md");

    /// <summary>All of it as one page.</summary>
    public string Page => Path.Combine(Root, "evaluation.html");

    /// <summary>Writes the three, each whole or not at all.</summary>
    /// <param name="name">What was evaluated.</param>
    /// <param name="result">What was found.</param>
    /// <param name="facts">What else to say, as names and texts.</param>
    /// <exception cref="Core.Faults.EnvironmentFaultException">They cannot be written.</exception>
    public void Write(string name, EvaluationResult result, IReadOnlyList<(string Name, string Text)> facts)
    {
        AtomicFile.Write(Json, stream => EvaluationJson.Write(stream, name, result, facts));
        AtomicFile.Write(Markdown, stream => EvaluationMarkdown.Write(stream, name, result, facts));
        AtomicFile.Write(Page, stream => EvaluationPage.Write(stream, name, result, facts));
    }
}
