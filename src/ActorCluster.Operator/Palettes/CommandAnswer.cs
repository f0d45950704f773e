using System.Collections.Immutable;

namespace ActorCluster.Operator.Palettes;

/// <summary>A piece of what a command answers. Handlers stream them; a terminal shows rows as a table, a pipe gets plain lines, <c>-json</c> an object a line.</summary>
public abstract record CommandAnswer
{
    private CommandAnswer()
    {
    }

    /// <summary>A line of text.</summary>
    /// <param name="Text">The line, without its end.</param>
    public sealed record Line(string Text) : CommandAnswer;

    /// <summary>One row of a table. All rows of an answer have the same fields.</summary>
    /// <param name="Fields">Its cells.</param>
    public sealed record Row(ImmutableArray<AnswerField> Fields) : CommandAnswer;

    /// <summary>One thing with what is known of it, shown as a list of names and values.</summary>
    /// <param name="Fields">What is known of it.</param>
    public sealed record Item(ImmutableArray<AnswerField> Fields) : CommandAnswer;

    /// <summary>How far something is: takes the place of the status before it, where it can.</summary>
    /// <param name="Text">The line, without its end.</param>
    public sealed record Status(string Text) : CommandAnswer;

    /// <summary>The last piece of an answer that ends the client with something else than 0, such as 3 for a run with quarantined videos.</summary>
    /// <param name="ExitCode">What the client ends with.</param>
    public sealed record Exit(int ExitCode) : CommandAnswer;
}
