namespace ActorCluster.Node.Pbm;

/// <summary>A line that is being typed, and where in it: what keys do to it, as in a shell.</summary>
/// <param name="Text">The line.</param>
/// <param name="Cursor">The characters before the cursor, 0 to the line's length.</param>
internal sealed record LineBuffer(string Text, int Cursor)
{
    private const int Longest = 8192;

    /// <summary>Nothing typed.</summary>
    public static LineBuffer Empty { get; } = new("", 0);

    /// <summary>What stands before the cursor.</summary>
    public string Before => Text[..Cursor];

    /// <summary>The line with the cursor at its end.</summary>
    public static LineBuffer Of(string text) => new(text, text.Length);

    /// <summary>Puts a text in at the cursor.</summary>
    public LineBuffer Insert(string text) => Text.Length + text.Length > Longest ? this : new(Text.Insert(Cursor, text), Cursor + text.Length);

    /// <summary>Puts a text in the place of the last characters before the cursor.</summary>
    public LineBuffer Replace(int characters, string text) => (this with { Text = Text.Remove(Cursor - characters, characters), Cursor = Cursor - characters }).Insert(text);

    /// <summary>Does what a key does; keys that do nothing to a line leave it as it is.</summary>
    public LineBuffer Press(ConsoleKeyInfo key)
    {
        var control = key.Modifiers.HasFlag(ConsoleModifiers.Control);
        return key.Key switch
        {
            ConsoleKey.LeftArrow when control => this with { Cursor = WordStart() },
            ConsoleKey.RightArrow when control => this with { Cursor = WordEnd() },
            ConsoleKey.LeftArrow => this with { Cursor = Math.Max(0, Cursor - 1) },
            ConsoleKey.RightArrow => this with { Cursor = Math.Min(Text.Length, Cursor + 1) },
            ConsoleKey.Home => this with { Cursor = 0 },
            ConsoleKey.End => this with { Cursor = Text.Length },
            ConsoleKey.A when control => this with { Cursor = 0 },
            ConsoleKey.E when control => this with { Cursor = Text.Length },
            ConsoleKey.K when control => this with { Text = Before },
            ConsoleKey.U when control => new(Text[Cursor..], 0),
            ConsoleKey.W when control => new(Text.Remove(WordStart(), Cursor - WordStart()), WordStart()),
            ConsoleKey.Backspace => Cursor > 0 ? Replace(1, "") : this,
            ConsoleKey.Delete => Cursor < Text.Length ? this with { Text = Text.Remove(Cursor, 1) } : this,
            ConsoleKey.D when control => Cursor < Text.Length ? this with { Text = Text.Remove(Cursor, 1) } : this,
            _ => control || char.IsControl(key.KeyChar) ? this : Insert(key.KeyChar.ToString()),
        };
    }

    private int WordStart()
    {
        var at = Cursor;
        while (at > 0 && Text[at - 1] == ' ')
        {
            at--;
        }

        return at == 0 ? 0 : Text.LastIndexOf(' ', at - 1) + 1;
    }

    private int WordEnd()
    {
        var at = Cursor;
        while (at < Text.Length && Text[at] == ' ')
        {
            at++;
        }

        return Text.IndexOf(' ', at) is var blank && blank >= 0 ? blank : Text.Length;
    }
}
