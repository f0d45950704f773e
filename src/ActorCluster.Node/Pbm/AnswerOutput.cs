using System.Collections.Immutable;
using ActorCluster.Operator.Palettes;

namespace ActorCluster.Node.Pbm;

/// <summary>Shows the answer to one command.</summary>
internal abstract class AnswerOutput
{
    /// <summary>Tables on a terminal, aligned text in a pipe, one JSON object a line when asked for.</summary>
    public static AnswerOutput For(bool json, TextWriter output) => json ? new JsonAnswers(output) : Console.IsOutputRedirected ? new PlainAnswers(output) : new TableAnswers(output);

    /// <summary>Shows rows that came together, or one piece of another kind. All rows of an answer make one table.</summary>
    public abstract void Show(ImmutableArray<CommandAnswer> batch);
}
