using System.Collections.Immutable;
using ActorCluster.Operator.Palettes;
using Spectre.Console;

namespace ActorCluster.Node.Pbm;

/// <summary>Tables for a terminal; what is no table, as in a pipe.</summary>
internal sealed class TableAnswers(TextWriter output) : PlainAnswers(output)
{
    private bool _hasHeadings;

    public override void Show(ImmutableArray<CommandAnswer> batch)
    {
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
            table.AddColumn(new TableColumn(heading) { Alignment = AnswerLines.IsNumeric(rows, column) ? Justify.Right : Justify.Left });
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Fields.Take(table.Columns.Count).Select(f => new Text(AnswerLines.ValueOf(f))));
        }

        _hasHeadings = true;
        AnsiConsole.Write(table);
    }
}
