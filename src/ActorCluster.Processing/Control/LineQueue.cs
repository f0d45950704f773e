using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace ActorCluster.Processing.Control;

/// <summary>Lines on their way to somebody who may be slower than they come: a bounded number waits, what is beyond that is left out, and how much it was is told.</summary>
public sealed class LineQueue
{
    private const int Most = 1_000;

    private readonly ConcurrentQueue<string> _lines = new();
    private readonly SemaphoreSlim _news = new(0, 1);
    private int _leftOut;

    /// <summary>Adds a line, or leaves it out. Never waits.</summary>
    public void Write(string line)
    {
        // Two at a time may go one too far; that is no harm.
        if (_lines.Count >= Most)
        {
            Interlocked.Increment(ref _leftOut);
        }
        else
        {
            _lines.Enqueue(line);
        }

        try
        {
            _news.Release();
        }
        catch (SemaphoreFullException)
        {
            // The reader has not yet seen earlier news.
        }
    }

    /// <summary>The lines, for ever.</summary>
    /// <param name="cancellation">Whoever reads has gone; the sequence then ends.</param>
    public async IAsyncEnumerable<string> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        while (await HasNewsAsync(cancellation))
        {
            while (_lines.TryDequeue(out var line))
            {
                yield return line;
            }

            if (Interlocked.Exchange(ref _leftOut, 0) is > 0 and var leftOut)
            {
                yield return $"({leftOut} lines left out: they came faster than they could be shown)";
            }
        }
    }

    private async Task<bool> HasNewsAsync(CancellationToken cancellation)
    {
        try
        {
            await _news.WaitAsync(cancellation);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
