using ActorCluster.Operator.Palettes;
using ActorCluster.Tests;

namespace ActorCluster.Operator.Tests.Palettes;

public sealed class CommandParserTests
{
    private static readonly CommandPalette[] Palettes = [NotesPalette.Definition, new("nodes", "Nodes.", [new CommandDefinition("list", "Lists them.", [])])];

    [Fact]
    public void Parse_Everything_IsTakenApart()
    {
        var call = Right("notes add spring first --priority -5 second -tag a -tag=b --pinned -colour green -limit 20G -at host:9110 -file x/y.txt");

        Assert.Equal(("notes", "add", "me"), (call.Palette, call.Command.Name, call.Who));
        Assert.Equal("spring", call.Text("run"));
        Assert.Equal(["first", "second"], call.Many("text").AsEnumerable());
        Assert.Equal(-5, call.Number("priority"));
        Assert.Equal(["a", "b"], call.Many("tag").AsEnumerable());
        Assert.True(call.Has("pinned"));
        Assert.Equal(("green", "20G", "host:9110", "/here/x/y.txt"), (call.Text("colour"), call.Text("limit"), call.Text("at"), call.Text("file")));
    }

    [Fact]
    public void Parse_LeftOut_HasDefaultsAndNothingElse()
    {
        var call = Right("notes add spring text");

        Assert.Equal(0, call.Number("priority"));
        Assert.False(call.Has("pinned") || call.Has("colour") || call.Has("tag"));
    }

    [Fact]
    public void Parse_BehindTwoHyphens_AreValues() => Assert.Equal(["-priority", "--"], Right("notes add spring -- -priority --").Many("text").AsEnumerable());

    [Fact]
    public void Parse_PositionalBySwitch_LeavesTheWordsToTheNext()
    {
        var call = Right("notes add text -run spring");

        Assert.Equal(("spring", "text"), (call.Text("run"), call.Text("text")));
    }

    [Fact]
    public void Parse_NegativeNumberWithoutSwitch_IsAValue() => Assert.Equal(-3, Right("notes end -3").Number("code"));

    [Fact]
    public void Parse_NameBesidePaths_StaysAName() => Assert.Equal("plain", Right("notes add spring text -file plain").Text("file"));

    [Fact]
    public void Parse_Dangerous_TakesYes() => Assert.True(Right("notes clear -yes").Has("yes"));

    [Theory]
    [InlineData("", "There is no command.", "Palettes: notes, nodes.")]
    [InlineData("note list", "There is no palette 'note'; the nearest is 'notes'.", "Palettes: notes, nodes.")]
    [InlineData("xyz list", "There is no palette 'xyz'.", "Palettes: notes, nodes.")]
    [InlineData("notes", "The palette 'notes' needs a command.", "Commands of notes: add, list")]
    [InlineData("notes lsit", "There is no command 'lsit' in the palette 'notes'; the nearest is 'list'.", "Commands of notes: add, list")]
    [InlineData("notes list -tkae 3", "notes list has no switch '-tkae'; the nearest is '-take'.", "Usage: notes list [-take TAKE]")]
    [InlineData("notes list more", "'more' is one word too many.", "Usage: notes list [-take TAKE]")]
    [InlineData("notes list -take", "-take needs a value: How many.", "Usage: notes list [-take TAKE]")]
    [InlineData("notes list -take 0", "-take: '0' is no whole number of at least 1.", "Usage: notes list [-take TAKE]")]
    [InlineData("notes list -take ten", "-take: 'ten' is no whole number of at least 1.", "Usage: notes list [-take TAKE]")]
    [InlineData("notes list -take 1 -take 2", "-take is given more than once.", "Usage: notes list [-take TAKE]")]
    [InlineData("notes show", "RUN is missing: The run.", "Usage: notes show RUN")]
    [InlineData("notes show ../x", "RUN: '../x' is no run's name: 1 to 100 letters, digits, '.', '_' and '-', beginning with a letter, digit or '_'.", "Usage: notes show RUN")]
    [InlineData("notes add a b -p 101", "-priority: '101' is no whole number from -100 to 100.", "Usage: notes add RUN TEXT...")]
    [InlineData("notes add a b -colour gren", "-colour: 'gren' is none of red, green; the nearest is 'green'.", "Usage: notes add RUN TEXT...")]
    [InlineData("notes add a b -limit much", "-limit: 'much' is no size in bytes, such as 500M or 20G.", "Usage: notes add RUN TEXT...")]
    [InlineData("notes add a b -at nowhere", "-at: 'nowhere' is no node's address; give it as host:port.", "Usage: notes add RUN TEXT...")]
    [InlineData("notes add a b -file fency", "-file: 'fency' is neither a full path nor one of plain, fancy; the nearest is 'fancy'.", "Usage: notes add RUN TEXT...")]
    [InlineData("notes add a b -pinned=1", "-pinned takes no value.", "Usage: notes add RUN TEXT...")]
    [InlineData("notes add a b -priority -tag x", "-priority needs a value: How much it matters.", "Usage: notes add RUN TEXT...")]
    public void Parse_Wrong_SaysWhatAndHow(string line, string problem, string usage)
    {
        var parsed = Parse(line);

        Assert.Null(parsed.Call);
        Assert.Equal([problem], parsed.Problems.AsEnumerable());
        Assert.StartsWith(usage, parsed.Usage);
    }

    [Fact]
    public void Parse_SeveralWrong_TellsAll()
    {
        var parsed = Parse("notes add -colour blue -p x -wrong thing");

        Assert.Equal(5, parsed.Problems.Length);
        Assert.Equal("Usage: notes add RUN TEXT... [-priority PRIORITY] [-colour red|green] [-tag TAG]... [-pinned] [-limit LIMIT] [-at AT] [-file FILE]", parsed.Usage);
    }

    [Fact]
    public void Parse_ControlCharacters_AreNoText()
    {
        var parsed = CommandParser.Parse(Palettes, ["notes", "add", "spring", "red \u001b[31m"], "me");

        Assert.Equal(["TEXT: 'red \uFFFD[31m' is no text without control characters."], parsed.Problems.AsEnumerable());
    }

    [Fact]
    public void Parse_LongValue_IsRefused() =>
        Assert.Contains("at most 4096 characters", CommandParser.Parse(Palettes, ["notes", "add", "spring", new string('a', 4097)], "me").Problems.Single());

    [Fact]
    public void Check_RelativePath_IsRefused()
    {
        var parsed = CommandParser.Check(Palettes, "notes", "add", [new("run", "spring"), new("text", "x"), new("file", "x.txt")], "me");

        Assert.Contains("neither a full path", Assert.Single(parsed.Problems));
    }

    [Fact]
    public void Check_NamesAndSwitches_AreTheSame()
    {
        var call = CommandParser.Check(Palettes, "notes", "add", [new("run", "spring"), new("-text", "x"), new("-p", "7"), new("pinned", null)], "me").Call!;

        Assert.Equal(("spring", "x", 7, true), (call.Text("run"), call.Text("text"), call.Number("priority"), call.Has("pinned")));
    }

    private static CommandCall Right(string line)
    {
        var parsed = Parse(line);
        Assert.Empty(parsed.Problems);
        return parsed.Call!;
    }

    private static ParsedCommand Parse(string line) => CommandParser.Parse(Palettes, line.Split(' ', StringSplitOptions.RemoveEmptyEntries), "me", path => "/here/" + path);
}
