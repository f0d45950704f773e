using System.Collections.Immutable;
using ActorCluster.Processing.Inference;

namespace ActorCluster.Processing.Hosting;

/// <summary>
/// Finds out, apart from all work, whether a node is ready: once, whether its device does a forward pass; then again and again, whether its journal answers. On a
/// thread of its own, which may be slow without harm.
/// </summary>
internal sealed class NodeCheck : IDisposable
{
    /// <summary>How often the journal is asked.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan JournalWithin = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private volatile string? _device;
    private volatile string? _journal;
    private volatile bool _isReady;

    /// <summary>Begins to check.</summary>
    /// <param name="context">The node.</param>
    /// <param name="forwardPass">Does a forward pass on the device; null for a node that needs none.</param>
    /// <param name="askJournal">Asks the journal for the least that it can be asked.</param>
    /// <param name="isReady">Whether the node is ready, all things considered.</param>
    /// <param name="every">How often.</param>
    public NodeCheck(NodeContext context, Action? forwardPass, Func<CancellationToken, Task> askJournal, Func<bool> isReady, TimeSpan every)
    {
        _device = forwardPass is null ? null : $"The device {context.Settings.Inference.Device} has not done its first forward pass yet.";
        context.Instruments.Gauge("node.ready", "1", "1 when the node is ready for work, else 0.", () => _isReady ? 1 : 0);
        _ = OwnThread.Run(() => Run(forwardPass, askJournal, isReady, every));
    }

    /// <summary>What speaks against it, a sentence each.</summary>
    public ImmutableArray<string> Problems => [.. new[] { _device, _journal }.OfType<string>()];

    /// <inheritdoc/>
    public void Dispose() => _stop.Cancel();

    private void Run(Action? forwardPass, Func<CancellationToken, Task> askJournal, Func<bool> isReady, TimeSpan every)
    {
        if (forwardPass is not null)
        {
            _device = Problem("device", forwardPass);
        }

        do
        {
            _journal = Problem("journal", () =>
            {
                using var within = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                within.CancelAfter(JournalWithin);
                askJournal(within.Token).GetAwaiter().GetResult();
            });
            _isReady = isReady();
        }
        while (!_stop.Token.WaitHandle.WaitOne(every));
    }

    private static string? Problem(string stage, Action work)
    {
        try
        {
            work();
            return null;
        }
        catch (OperationCanceledException)
        {
            return $"The {stage} has not answered in {JournalWithin.TotalSeconds:0} s.";
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return Fault.Of(e, stage).ToString();
        }
    }
}
