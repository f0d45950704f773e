using ActorCluster.Operator.Palettes;
using ActorCluster.Tests;

namespace ActorCluster.Operator.Tests.Palettes;

public sealed class CommandCompletionTests
{
    private static readonly CommandPalette[] Palettes = [NotesPalette.Definition, new("nodes", "Nodes.", [new CommandDefinition("list", "Lists them.", [])])];

    [Theory]
    [InlineData("", "help exit notes nodes")]
    [InlineData("help ", "notes nodes")]
    [InlineData("help nodes ", "list")]
    [InlineData("help nodes list ", "")]
    [InlineData("nodes ", "list")]
    [InlineData("nothing ", "")]
    [InlineData("notes nothing ", "")]
    [InlineData("notes clear -", "-yes")]
    [InlineData("notes list ", "-take")]
    [InlineData("notes list -take 3 ", "")]
    [InlineData("notes add spring x -colour ", "red green")]
    [InlineData("notes add spring x -pinned -tag a -", "-priority -colour -tag -limit -at -file")]
    public void Of_Line_IsCompleted(string line, string words)
    {
        var completion = CommandCompletion.Of(Palettes, CommandTokenizer.SplitUnfinished(line), ["help", "exit"]);

        Assert.Equal(words.Split(' ', StringSplitOptions.RemoveEmptyEntries), completion.Words.AsEnumerable());
        Assert.Null(completion.Kind);
    }

    [Theory]
    [InlineData("notes add ", ArgumentKind.Run)]
    [InlineData("notes add sp", ArgumentKind.Run)]
    [InlineData("notes add spring x -at ", ArgumentKind.Node)]
    [InlineData("notes add spring x -file pl", ArgumentKind.Path)]
    public void Of_ValueThatTheClusterKnows_SaysOfWhatKind(string line, ArgumentKind kind) =>
        Assert.Equal(kind, CommandCompletion.Of(Palettes, CommandTokenizer.SplitUnfinished(line), []).Kind);
}
