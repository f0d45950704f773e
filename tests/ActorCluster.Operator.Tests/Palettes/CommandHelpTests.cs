using ActorCluster.Operator.Palettes;
using ActorCluster.Tests;

namespace ActorCluster.Operator.Tests.Palettes;

public sealed class CommandHelpTests
{
    private static readonly CommandPalette Palette = NotesPalette.Definition;

    [Fact]
    public void Palettes_AreListed() => Assert.Equal("  notes  Notes on runs.", CommandHelp.Palettes([Palette]).First());

    [Fact]
    public void Palette_ListsItsCommands()
    {
        var lines = CommandHelp.Palette(Palette).ToList();

        Assert.Equal("Notes on runs.", lines[0]);
        Assert.Contains("  notes add     Adds notes.", lines);
        Assert.Equal(Palette.Commands.Length, lines.Count(l => l.StartsWith("  notes ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Command_TellsAllOfIt() => Assert.Equal(
        """
        Adds notes.

        Usage: notes add RUN TEXT... [-priority PRIORITY] [-colour red|green] [-tag TAG]... [-pinned] [-limit LIMIT] [-at AT] [-file FILE]

          RUN (-run)              The run.
          TEXT (-text)            What to note. May be given several times.
          -priority, -p PRIORITY  How much it matters. A number from -100 to 100. By default 0.
          -colour red|green       Its colour.
          -tag TAG                A tag. May be given several times.
          -pinned                 Keep it at the top.
          -limit LIMIT            Its largest size. In bytes, such as 500M or 20G.
          -at AT                  The node.
          -file FILE              A file to attach, or a template. A path, or one of plain, fancy.
        """,
        string.Join('\n', CommandHelp.Command(Palette, Palette.Commands[0])));

    [Fact]
    public void Command_Dangerous_SaysThatItAsks()
    {
        var lines = CommandHelp.Command(Palette, Palette.Commands.Single(c => c.Danger is not null)).ToList();

        Assert.Contains("Usage: notes clear [-yes]", lines);
        Assert.Contains("needs -yes", lines[^1]);
    }
}
