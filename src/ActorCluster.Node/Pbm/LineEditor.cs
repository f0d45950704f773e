using ActorCluster.Operator;

namespace ActorCluster.Node.Pbm;

/// <summary>Reads lines from a terminal, with history and completion.</summary>
/// <param name="history">The lines before.</param>
/// <param name="complete">What the word before the cursor could become, given all that stands before the cursor; and how many of its characters that replaces.</param>
internal sealed class LineEditor(PromptHistory history, Func<string, Task<(int Replaces, IReadOnlyList<string> Words)>> complete)
{
    private const int ListedCandidates = 60;

    /// <summary>Reads a line.</summary>
    /// <param name="prompt">What stands before it.</param>
    /// <returns>The line; null when there is no more.</returns>
    public async Task<string?> ReadAsync(string prompt)
    {
        var (buffer, at, typed) = (LineBuffer.Empty, history.Lines.Count, "");
        Console.TreatControlCAsInput = true;
        try
        {
            Draw(prompt, buffer);
            while (true)
            {
                var key = await Task.Run(() => Console.ReadKey(intercept: true));
                var control = key.Modifiers.HasFlag(ConsoleModifiers.Control);
                switch (key.Key)
                {
                    case ConsoleKey.Enter:
                        Console.Out.WriteLine();
                        return buffer.Text;
                    case ConsoleKey.C when control:
                        Console.Out.WriteLine("^C");
                        (buffer, at) = (LineBuffer.Empty, history.Lines.Count);
                        break;
                    case ConsoleKey.D when control && buffer.Text.Length == 0:
                        Console.Out.WriteLine();
                        return null;
                    case ConsoleKey.L when control:
                        Console.Clear();
                        break;
                    case ConsoleKey.UpArrow when at > 0:
                        typed = at == history.Lines.Count ? buffer.Text : typed;
                        buffer = LineBuffer.Of(history.Lines[--at]);
                        break;
                    case ConsoleKey.DownArrow when at < history.Lines.Count:
                        buffer = LineBuffer.Of(++at == history.Lines.Count ? typed : history.Lines[at]);
                        break;
                    case ConsoleKey.Tab:
                        buffer = await CompleteAsync(buffer);
                        break;
                    default:
                        buffer = buffer.Press(key);
                        break;
                }

                Draw(prompt, buffer);
            }
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }

    /// <summary>The line with the word completed as far as all candidates agree.</summary>
    internal static LineBuffer Complete(LineBuffer buffer, int replaces, IReadOnlyList<string> words)
    {
        if (words.Count == 0)
        {
            return buffer;
        }

        var common = words.Aggregate((a, b) => a[..a.AsSpan().CommonPrefixLength(b)]);
        var complete = words.Count == 1 && !common.EndsWith('/') ? common + " " : common;
        return common.Length >= replaces ? buffer.Replace(replaces, complete) : buffer;
    }

    private async Task<LineBuffer> CompleteAsync(LineBuffer buffer)
    {
        var (replaces, words) = await complete(buffer.Before);
        var completed = Complete(buffer, replaces, words);
        if (completed == buffer && words.Count > 1)
        {
            Console.Out.WriteLine();
            Console.Out.WriteLine(RunWords.OneLine(string.Join("  ", words.Take(ListedCandidates)) + (words.Count > ListedCandidates ? $"  and {words.Count - ListedCandidates} more" : "")));
        }

        return completed;
    }

    /// <summary>Draws the line; of one that is wider than the terminal, the part around the cursor.</summary>
    private static void Draw(string prompt, LineBuffer buffer)
    {
        var room = Math.Max(10, Console.WindowWidth - prompt.Length - 1);
        var start = Math.Max(0, buffer.Cursor - room);
        var shown = buffer.Text.Substring(start, Math.Min(room, buffer.Text.Length - start));
        Console.Out.Write($"\r{prompt}{shown}\u001b[K\r\u001b[{prompt.Length + buffer.Cursor - start}C");
    }
}
