namespace ActorCluster.Media;

/// <summary>Takes one line.</summary>
/// <param name="line">The line without its end.</param>
internal delegate void TakeLine(ReadOnlySpan<byte> line);

/// <summary>Splits a tool's output into lines in constant memory.</summary>
internal static class LineReader
{
    private const int MaxLine = 64 * 1024;

    /// <summary>Calls <paramref name="take"/> for each line; one that is longer than 64 KiB comes in pieces.</summary>
    public static void ForEach(ReadBytes read, TakeLine take)
    {
        var buffer = new byte[MaxLine];
        var length = 0;
        for (int n; (n = read(buffer.AsSpan(length))) > 0;)
        {
            length += n;
            var start = 0;
            for (int at; (at = buffer.AsSpan(start, length - start).IndexOf((byte)'\n')) >= 0; start += at + 1)
            {
                take(buffer.AsSpan(start, at));
            }

            if (start == 0 && length == buffer.Length)
            {
                take(buffer);
                start = length;
            }

            buffer.AsSpan(start, length - start).CopyTo(buffer);
            length -= start;
        }

        if (length > 0)
        {
            take(buffer.AsSpan(0, length));
        }
    }
}
