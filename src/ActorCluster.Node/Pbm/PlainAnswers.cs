using System.Collections.Immutable;
using System.Diagnostics;
using ActorCluster.Operator.Palettes;

namespace ActorCluster.Node.Pbm;

/// <summary>Aligned text: a heading and a line for each row. How far something is, is told every few seconds.</summary>
internal class PlainAnswers(TextWriter output) : AnswerOutput
{
    private static readonly TimeSpan StatusEvery = TimeSpan.FromSeconds(5);
    private readonly AnswerLines _lines = new();
    private readonly Stopwatch _sinceStatus = new();

    public override void Show(ImmutableArray<CommandAnswer> batch)
    {
        if (batch is [CommandAnswer.Status])
        {
            if (_sinceStatus.IsRunning && _sinceStatus.Elapsed < StatusEvery)
            {
                return;
            }

            _sinceStatus.Restart();
        }

        foreach (var line in _lines.Of(batch))
        {
            output.WriteLine(line);
        }
    }
}
