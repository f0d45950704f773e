using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ActorCluster.Processing.Control;
using Serilog.Core;
using Serilog.Events;

namespace ActorCluster.Operator;

/// <summary>What a node logs, for those who want to follow it; and how much it logs. Thread-safe.</summary>
public sealed class LogFeed
{
    private readonly ConcurrentDictionary<LineQueue, bool> _readers = new();

    /// <summary>From which level on the node logs.</summary>
    public LoggingLevelSwitch Level { get; } = new(LogEventLevel.Information);

    /// <summary>Passes a line of the log on, without waiting for anyone.</summary>
    /// <param name="line">The line, without control characters.</param>
    public void Write(string line)
    {
        foreach (var reader in _readers.Keys)
        {
            reader.Write(line);
        }
    }

    /// <summary>The lines from now on; when they come faster than they are read, some are left out, and how many is told.</summary>
    /// <param name="cancellation">Whoever reads has gone.</param>
    public async IAsyncEnumerable<string> FollowAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var lines = new LineQueue();
        _readers[lines] = true;
        try
        {
            await foreach (var line in lines.ReadAsync(cancellation))
            {
                yield return line;
            }
        }
        finally
        {
            _readers.TryRemove(lines, out _);
        }
    }
}
