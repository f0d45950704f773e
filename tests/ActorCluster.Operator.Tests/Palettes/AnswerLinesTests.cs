using System.Collections.Immutable;
using System.Threading.Channels;
using ActorCluster.Operator.Palettes;

namespace ActorCluster.Operator.Tests.Palettes;

public sealed class AnswerLinesTests
{
    [Fact]
    public void Of_Rows_AreAlignedUnderTheirHeadings()
    {
        var lines = new AnswerLines();

        var first = lines.Of([Row("a", 5L, true), Row("a longer name", 1234L, false)]).ToList();
        var second = lines.Of([Row("b", 7L, true)]).ToList();

        Assert.Equal(["name           count  is done", "a                  5  yes", "a longer name   1234  no"], first);
        Assert.Equal(["b                  7  yes"], second);
    }

    [Fact]
    public void Of_Item_IsNamesAndValues() => Assert.Equal(
        ["name:          spring", "wall seconds:  1.235", "causes:        a, b", "ended:         -"],
        new AnswerLines().Of([new CommandAnswer.Item([new("name", "spring"), new("wall_seconds", 1.23456), new("causes", new[] { "a", "b" }), new("ended", null)])]));

    [Fact]
    public void Of_ControlCharacters_AreMadeVisible()
    {
        const string Hostile = "red \u001b[31m\r\n\u009b2J\u202e";
        var lines = new AnswerLines();

        string[] all = [.. lines.Of([new CommandAnswer.Line(Hostile)]), .. lines.Of([Row(Hostile, 1L, true)]), .. lines.Of([new CommandAnswer.Item([new(Hostile, new[] { Hostile })])])];

        Assert.Equal(4, all.Length);
        Assert.All(all, line => Assert.DoesNotContain(line, c => char.IsControl(c) || c == '\u202e'));
    }

    [Fact]
    public async Task Batch_RowsThatComeTogether_AreTogether()
    {
        var batches = new List<ImmutableArray<CommandAnswer>>();
        await foreach (var batch in AnswerLines.BatchAsync(Answers()))
        {
            batches.Add(batch);
        }

        Assert.Equal([1, 2, 1, 1], batches.Select(b => b.Length));
        static async IAsyncEnumerable<CommandAnswer> Answers()
        {
            await Task.CompletedTask;
            yield return new CommandAnswer.Line("first");
            yield return Row("a", 1L, true);
            yield return Row("b", 2L, true);
            yield return new CommandAnswer.Line("last");
            yield return Row("c", 3L, true);
        }
    }

    [Fact]
    public async Task Batch_RowAndThenNothing_DoesNotWait()
    {
        var answers = Channel.CreateUnbounded<CommandAnswer>();
        answers.Writer.TryWrite(Row("a", 1L, true));
        await using var batches = AnswerLines.BatchAsync(answers.Reader.ReadAllAsync()).GetAsyncEnumerator();

        Assert.True(await batches.MoveNextAsync().AsTask().WaitAsync(Deadline.After));
        Assert.Single(batches.Current);
        answers.Writer.TryWrite(Row("b", 1L, true));
        answers.Writer.Complete();
        Assert.True(await batches.MoveNextAsync().AsTask().WaitAsync(Deadline.After));
        Assert.False(await batches.MoveNextAsync());
    }

    private static CommandAnswer.Row Row(string name, long count, bool isDone) => new([new("name", name), new("count", count), new("is_done", isDone)]);
}
