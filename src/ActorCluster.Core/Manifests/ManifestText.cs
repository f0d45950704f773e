using System.Text;

namespace ActorCluster.Core.Manifests;

/// <summary>A manifest's characters, counted by line; a byte order mark at the start is passed over.</summary>
internal sealed class ManifestText
{
    private readonly TextReader reader;
    private readonly char[] buffer = new char[16 * 1024];
    private readonly StringBuilder line = new();
    private int at;
    private int end;
    private bool afterReturn;

    public ManifestText(TextReader reader)
    {
        this.reader = reader;
        if (Peek() == '\uFEFF')
        {
            at++;
        }
    }

    /// <summary>The 1-based line of the next character.</summary>
    public int Line { get; private set; } = 1;

    /// <summary>The next character without taking it, or -1 at the end.</summary>
    public int Peek()
    {
        if (at == end)
        {
            end = reader.Read(buffer, 0, buffer.Length);
            at = 0;
        }

        return at < end ? buffer[at] : -1;
    }

    /// <summary>Takes the next character; -1 at the end.</summary>
    public int Read()
    {
        var c = Peek();
        if (c >= 0)
        {
            at++;
            Line += c == '\r' || (c == '\n' && !afterReturn) ? 1 : 0;
            afterReturn = c == '\r';
        }

        return c;
    }

    /// <summary>Takes a line without its ending (LF or CRLF); null at the end of the text.</summary>
    /// <param name="longest">The most characters.</param>
    /// <param name="tooLong">Whether the line has more, which is then still to be read.</param>
    public string? ReadLine(int longest, out bool tooLong)
    {
        tooLong = false;
        if (Peek() < 0)
        {
            return null;
        }

        line.Clear();
        for (int c; (c = Read()) >= 0 && c != '\n';)
        {
            if (line.Length == longest)
            {
                tooLong = true;
                break;
            }

            line.Append((char)c);
        }

        if (line.Length > 0 && line[^1] == '\r')
        {
            line.Length--;
        }

        return line.ToString();
    }
}
