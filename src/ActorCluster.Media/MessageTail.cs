using System.Collections.Immutable;
using System.Text;

namespace ActorCluster.Media;

/// <summary>Drains a tool's error stream and keeps its last lines, in bounded memory whatever the tool writes.</summary>
internal sealed class MessageTail
{
    private const int MaxLines = 20;
    private const int MaxLineBytes = 400;
    private const int StackBytes = 256 * 1024;

    private readonly Lock gate = new();
    private readonly Queue<string> lines = new();
    private readonly Thread thread;

    /// <summary>Starts to drain.</summary>
    public MessageTail(Stream stream)
    {
        thread = new Thread(() => Drain(stream), StackBytes) { IsBackground = true, Name = "tool-messages" };
        thread.Start();
    }

    /// <summary>The last lines, oldest first.</summary>
    public ImmutableArray<string> Lines
    {
        get
        {
            lock (gate)
            {
                return [.. lines];
            }
        }
    }

    /// <summary>Waits until the tool has closed the stream.</summary>
    /// <param name="limit">How long to wait at most: a child of the tool may hold the stream open.</param>
    public void Join(TimeSpan limit) => thread.Join(limit);

    private void Drain(Stream stream)
    {
        // A Process object leaves streams that were asked for open: without this, descriptors wait for the garbage collector.
        using var owned = stream;
        Span<byte> block = stackalloc byte[4096];
        Span<byte> line = stackalloc byte[MaxLineBytes];
        var length = 0;
        try
        {
            for (int n; (n = stream.Read(block)) > 0;)
            {
                foreach (var b in block[..n])
                {
                    if (b is (byte)'\n' or (byte)'\r')
                    {
                        Add(line[..length]);
                        length = 0;
                    }
                    else if (length < MaxLineBytes)
                    {
                        line[length++] = b < 32 ? (byte)' ' : b;
                    }
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The stream was closed under the read because the reader is being disposed of.
        }

        Add(line[..length]);
    }

    private void Add(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty)
        {
            return;
        }

        lock (gate)
        {
            if (lines.Count == MaxLines)
            {
                lines.Dequeue();
            }

            lines.Enqueue(Encoding.UTF8.GetString(line));
        }
    }
}
