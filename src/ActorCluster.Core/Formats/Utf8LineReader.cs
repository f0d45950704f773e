using System.Text;
using ActorCluster.Core.Faults;

namespace ActorCluster.Core.Formats;

/// <summary>A text file's lines as bytes, in constant memory. Lines end with LF or CRLF; a byte order mark at the start is passed over.</summary>
internal sealed class Utf8LineReader
{
    /// <summary>The most bytes of a line.</summary>
    public const int LongestLine = 16 * 1024;

    private const int LongestQuote = 60;

    private readonly Stream stream;
    private readonly string stage;
    private readonly string name;
    private readonly byte[] buffer = new byte[128 * 1024];
    private int at;
    private int end;
    private bool ended;

    /// <summary>Begins to read.</summary>
    /// <param name="stream">Where from, left open.</param>
    /// <param name="stage">The stage that a fault names.</param>
    /// <param name="name">The file as a fault names it.</param>
    public Utf8LineReader(Stream stream, string stage, string name)
    {
        this.stream = stream;
        this.stage = stage;
        this.name = name;
        Fill();
        HasByteOrderMark = buffer.AsSpan(0, end).StartsWith(Encoding.UTF8.Preamble);
        at = HasByteOrderMark ? Encoding.UTF8.Preamble.Length : 0;
    }

    /// <summary>Whether the file begins with a byte order mark.</summary>
    public bool HasByteOrderMark { get; }

    /// <summary>The 1-based number of the last line read; 0 before the first.</summary>
    public int Line { get; private set; }

    /// <summary>Reads a line.</summary>
    /// <param name="line">The line without its end, valid until the next call.</param>
    /// <returns>False at the end.</returns>
    /// <exception cref="InputFaultException">The line has more than <see cref="LongestLine"/> bytes.</exception>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        int length;
        while ((length = buffer.AsSpan(at, end - at).IndexOf((byte)'\n')) < 0 && !ended)
        {
            Fill();
        }

        if (length < 0 && at == end)
        {
            line = default;
            return false;
        }

        Line++;
        line = buffer.AsSpan(at, length < 0 ? end - at : length);
        at += length < 0 ? line.Length : length + 1;
        if (line is [.., (byte)'\r'])
        {
            line = line[..^1];
        }

        return line.Length <= LongestLine ? true : throw Fault($"has more than {LongestLine} bytes; this is not a file of its kind.");
    }

    /// <summary>A fault of the last line.</summary>
    /// <param name="what">What is wrong and what is allowed, as a sentence that goes on after the line's number.</param>
    public InputFaultException Fault(string what) => new(stage, $"{name}, line {Line}: {what}");

    /// <summary>The beginning of untrusted bytes as a message may show them.</summary>
    public static string Quote(ReadOnlySpan<byte> text)
    {
        var shown = Encoding.UTF8.GetString(text[..Math.Min(text.Length, LongestQuote)]);
        var clean = string.Concat(shown.Select(c => char.IsControl(c) ? '\uFFFD' : c));
        return $"'{clean}{(text.Length > LongestQuote ? "…" : "")}'";
    }

    /// <summary>Takes spaces and commas from the end, which some writers leave there, and spaces from the beginning.</summary>
    public static ReadOnlySpan<byte> TrimRow(ReadOnlySpan<byte> row) => row.TrimEnd(" ,\t"u8).TrimStart(" \t"u8);

    private void Fill()
    {
        if (at > 0)
        {
            buffer.AsSpan(at, end - at).CopyTo(buffer);
            (end, at) = (end - at, 0);
        }

        if (end == buffer.Length)
        {
            Line++;
            throw Fault($"has more than {LongestLine} bytes; this is not a file of its kind.");
        }

        var read = stream.ReadAtLeast(buffer.AsSpan(end), Math.Min(buffer.Length - end, 4), throwOnEndOfStream: false);
        ended = read == 0;
        end += read;
    }
}
