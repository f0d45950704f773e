using System.Collections.Immutable;
using System.Text;

namespace ActorCluster.Operator.Palettes;

/// <summary>Cuts a typed line into words as a shell does: blanks separate; single quotes keep everything; double quotes keep all but a backslash before <c>"</c> or <c>\</c>; elsewhere a backslash keeps the next character.</summary>
public static class CommandTokenizer
{
    /// <summary>The words of a line.</summary>
    /// <exception cref="FormatException">A quote is not closed, or a backslash has nothing behind it.</exception>
    public static ImmutableArray<string> Split(string line)
    {
        var words = Cut(line, out var open);
        return open is null ? [.. words] : throw new FormatException(open == '\\' ? "There is nothing behind the \\ at the end." : $"A {open} is not closed.");
    }

    /// <summary>The words of a line that is still being typed, the last one being that under the cursor, empty behind a blank.</summary>
    public static ImmutableArray<string> SplitUnfinished(string line)
    {
        var words = Cut(line, out var open);
        return open is null && (line.Length == 0 || IsBlank(line[^1])) ? [.. words, ""] : [.. words];
    }

    /// <summary>A word as it must be typed to be cut to itself again.</summary>
    public static string Quote(string word) =>
        word.Length > 0 && !word.Any(c => IsBlank(c) || c is '"' or '\'' or '\\') ? word : $"\"{word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static List<string> Cut(string line, out char? open)
    {
        var words = new List<string>();
        StringBuilder? word = null;
        open = null;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (open is null && IsBlank(c))
            {
                Close(words, ref word);
                continue;
            }

            word ??= new StringBuilder();
            if (c == open)
            {
                open = null;
            }
            else if (open is null && c is '"' or '\'')
            {
                open = c;
            }
            else if (c == '\\' && open != '\'' && (open is null || (i + 1 < line.Length && line[i + 1] is '"' or '\\')))
            {
                if (++i == line.Length)
                {
                    open = '\\';
                    break;
                }

                word.Append(line[i]);
            }
            else
            {
                word.Append(c);
            }
        }

        Close(words, ref word);
        return words;
    }

    private static void Close(List<string> words, ref StringBuilder? word)
    {
        if (word is not null)
        {
            words.Add(word.ToString());
            word = null;
        }
    }

    private static bool IsBlank(char c) => c is ' ' or '\t';
}
