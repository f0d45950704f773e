using ActorCluster.Node.Pbm;

namespace ActorCluster.Node.Tests.Pbm;

public sealed class LineBufferTests
{
    [Theory]
    [InlineData("run list", 8, ConsoleKey.LeftArrow, false, "run list", 7)]
    [InlineData("run list", 0, ConsoleKey.LeftArrow, false, "run list", 0)]
    [InlineData("run list", 8, ConsoleKey.RightArrow, false, "run list", 8)]
    [InlineData("run list", 8, ConsoleKey.LeftArrow, true, "run list", 4)]
    [InlineData("run list", 4, ConsoleKey.LeftArrow, true, "run list", 0)]
    [InlineData("run list", 0, ConsoleKey.RightArrow, true, "run list", 3)]
    [InlineData("run list", 3, ConsoleKey.RightArrow, true, "run list", 8)]
    [InlineData("run list", 5, ConsoleKey.Home, false, "run list", 0)]
    [InlineData("run list", 5, ConsoleKey.End, false, "run list", 8)]
    [InlineData("run list", 5, ConsoleKey.A, true, "run list", 0)]
    [InlineData("run list", 5, ConsoleKey.E, true, "run list", 8)]
    [InlineData("run list", 3, ConsoleKey.K, true, "run", 3)]
    [InlineData("run list", 4, ConsoleKey.U, true, "list", 0)]
    [InlineData("run list", 8, ConsoleKey.W, true, "run ", 4)]
    [InlineData("run ", 4, ConsoleKey.W, true, "", 0)]
    [InlineData("run list", 8, ConsoleKey.Backspace, false, "run lis", 7)]
    [InlineData("run list", 0, ConsoleKey.Backspace, false, "run list", 0)]
    [InlineData("run list", 0, ConsoleKey.Delete, false, "un list", 0)]
    [InlineData("run list", 8, ConsoleKey.Delete, false, "run list", 8)]
    [InlineData("run list", 0, ConsoleKey.F5, false, "run list", 0)]
    public void Press_Key_DoesAsInAShell(string text, int cursor, ConsoleKey key, bool control, string after, int cursorAfter) =>
        Assert.Equal(new LineBuffer(after, cursorAfter), new LineBuffer(text, cursor).Press(new ConsoleKeyInfo('\0', key, shift: false, alt: false, control)));

    [Fact]
    public void Press_Letter_GoesInAtTheCursor() =>
        Assert.Equal(new LineBuffer("run list", 5), new LineBuffer("run ist", 4).Press(new ConsoleKeyInfo('l', ConsoleKey.L, false, false, false)));

    [Fact]
    public void Press_ControlCharacter_IsNotTyped() => Assert.Equal(LineBuffer.Empty, LineBuffer.Empty.Press(new ConsoleKeyInfo('\u001b', ConsoleKey.Escape, false, false, false)));

    [Theory]
    [InlineData("run li", new[] { "list" }, "run list ")]
    [InlineData("run ", new[] { "pause", "priority" }, "run p")]
    [InlineData("run p", new[] { "pause", "priority" }, "run p")]
    [InlineData("run x", new string[0], "run x")]
    [InlineData("notes add a b -file sr", new[] { "src/" }, "notes add a b -file src/")]
    public void Complete_Word_AsFarAsAllAgree(string line, string[] words, string after)
    {
        var word = line[(line.LastIndexOf(' ') + 1)..];

        Assert.Equal(LineBuffer.Of(after), LineEditor.Complete(LineBuffer.Of(line), word.Length, words));
    }
}
