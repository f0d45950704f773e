using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using ActorCluster.Core.Formats;

namespace ActorCluster.Operator.Palettes;

/// <summary>Answers in aligned lines of text, without what could command a terminal. One for each answer: it knows how wide the columns have been.</summary>
public sealed class AnswerLines
{
    private const int LargestBatch = 500;
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(100);
    private int[] _widths = [];

    /// <summary>Puts rows that come together, together: columns are as wide as all of them need.</summary>
    /// <param name="answers">The pieces of an answer.</param>
    /// <param name="cancellation">Nobody wants the rest any more.</param>
    /// <returns>Batches of rows, and every other piece alone.</returns>
    public static async IAsyncEnumerable<ImmutableArray<CommandAnswer>> BatchAsync(IAsyncEnumerable<CommandAnswer> answers, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var rows = ImmutableArray.CreateBuilder<CommandAnswer>();
        await using var pieces = answers.GetAsyncEnumerator(cancellation);
        var next = pieces.MoveNextAsync().AsTask();
        while (true)
        {
            if (rows.Count > 0 && (rows.Count == LargestBatch || (!next.IsCompleted && await Task.WhenAny(next, Task.Delay(Quiet, CancellationToken.None)) != next)))
            {
                yield return rows.DrainToImmutable();
            }

            if (!await next)
            {
                break;
            }

            var piece = pieces.Current;
            if (piece is CommandAnswer.Row)
            {
                rows.Add(piece);
            }
            else
            {
                if (rows.Count > 0)
                {
                    yield return rows.DrainToImmutable();
                }

                yield return [piece];
            }

            next = pieces.MoveNextAsync().AsTask();
        }

        if (rows.Count > 0)
        {
            yield return rows.DrainToImmutable();
        }
    }

    /// <summary>The lines of a batch; the first rows of an answer have headings above them.</summary>
    public IEnumerable<string> Of(ImmutableArray<CommandAnswer> batch) => batch switch
    {
        [CommandAnswer.Row, ..] => Rows([.. batch.Cast<CommandAnswer.Row>()]),
        [CommandAnswer.Line line] => [TerminalText.OneLine(line.Text)],
        [CommandAnswer.Status status] => [TerminalText.OneLine(status.Text)],
        [CommandAnswer.Item item] => Item(item),
        _ => [],
    };

    /// <summary>A value on one line.</summary>
    public static string ValueOf(AnswerField field) => TerminalText.OneLine(field.Value switch
    {
        null => "-",
        bool flag => flag ? "yes" : "no",
        double number => number.ToString("0.###", CultureInfo.InvariantCulture),
        IEnumerable<string> texts => string.Join(", ", texts),
        var value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    });

    /// <summary>A field's name as a heading.</summary>
    public static string HeadingOf(AnswerField field) => TerminalText.OneLine(field.Name.Replace('_', ' '));

    /// <summary>Whether a column of rows is one of numbers, which stand at its right.</summary>
    public static bool IsNumeric(IEnumerable<CommandAnswer.Row> rows, int column) => rows.All(r => r.Fields.ElementAtOrDefault(column).Value is null or int or long or double);

    private IEnumerable<string> Rows(ImmutableArray<CommandAnswer.Row> rows)
    {
        var first = rows[0].Fields;
        var isNew = _widths.Length != first.Length;
        string[] headings = [.. first.Select(HeadingOf)];
        string[][] cells = [.. rows.Select(r => r.Fields.Select(ValueOf).ToArray())];
        bool[] right = [.. first.Select((_, column) => IsNumeric(rows, column))];
        var before = isNew ? new int[first.Length] : _widths;
        _widths = [.. headings.Select((heading, column) => cells.Select(c => c.ElementAtOrDefault(column)?.Length ?? 0).Append(heading.Length).Append(before[column]).Max())];
        return (isNew ? cells.Prepend(headings) : cells).Select(line => string.Join("  ", line.Zip(_widths, right).Select(c => c.Third ? c.First.PadLeft(c.Second) : c.First.PadRight(c.Second))).TrimEnd());
    }

    private static IEnumerable<string> Item(CommandAnswer.Item item)
    {
        var width = item.Fields.Select(f => HeadingOf(f).Length).DefaultIfEmpty().Max();
        return item.Fields.Select(f => $"{(HeadingOf(f) + ":").PadRight(width + 1)}  {ValueOf(f)}");
    }
}
