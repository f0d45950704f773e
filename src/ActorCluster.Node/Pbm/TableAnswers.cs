using System.Collections.Immutable;
using ActorCluster.Operator;
using ActorCluster.Operator.Palettes;
using Spectre.Console;

namespace ActorCluster.Node.Pbm;

/// <summary>Tables for a terminal, and how far something is in one line that changes; everything else as in a pipe.</summary>
internal sealed class TableAnswers(TextWriter output) : PlainAnswers(output)
{
    private readonly TextWriter _output = output;
    private bool _hasHeadings;
    private bool _hasStatus;

    public override void Show(ImmutableArray<CommandAnswer> batch)
    {
        if (_hasStatus)
        {
            _output.Write("\u001b[1A\u001b[2K"); // One line up, and clear it.
            _hasStatus = false;
        }

        if (batch is [CommandAnswer.Status status])
        {
            var text = RunWords.OneLine(status.Text);
            var room = Math.Max(20, Console.WindowWidth - 1);
            _output.WriteLine(text.Length <= room ? text : text[..(room - 1)] + "…");
            _hasStatus = true;
            return;
        }

        if (batch is not [CommandAnswer.Row first, ..])
        {
            base.Show(batch);
            return;
        }

        var rows = batch.Cast<CommandAnswer.Row>().ToList();
        var table = new Table { Border = TableBorder.Simple, ShowHeaders = !_hasHeadings };
        foreach (var (field, column) in first.Fields.Select((f, i) => (f, i)))
        {
            var heading = new Text(AnswerLines.HeadingOf(field), new Style(decoration: Decoration.Bold));
            var isNumeric = AnswerLines.IsNumeric(rows, column);
            // What a row is about is typed again in the next command: it stays in one piece.
            table.AddColumn(new TableColumn(heading) { Alignment = isNumeric ? Justify.Right : Justify.Left, NoWrap = column == 0 && !isNumeric });
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Fields.Take(table.Columns.Count).Select(f => new Text(AnswerLines.ValueOf(f))));
        }

        _hasHeadings = true;
        AnsiConsole.Write(table);
    }
}
