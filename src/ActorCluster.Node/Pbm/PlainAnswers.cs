using System.Collections.Immutable;
using ActorCluster.Operator.Palettes;

namespace ActorCluster.Node.Pbm;

/// <summary>Aligned text: a heading and a line for each row.</summary>
internal class PlainAnswers(TextWriter output) : AnswerOutput
{
    private readonly AnswerLines _lines = new();

    public override void Show(ImmutableArray<CommandAnswer> batch)
    {
        foreach (var line in _lines.Of(batch))
        {
            output.WriteLine(line);
        }
    }
}
