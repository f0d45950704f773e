using System.Globalization;
using ActorCluster.Core.Faults;

namespace ActorCluster.Processing.Decoding;

/// <summary>
/// The bytes of decoded pictures and sound that may be on their way to the device at a time, for all units of work of one node. First come, first
/// served: who asks for much is not overtaken for ever by those who ask for little.
/// </summary>
/// <remarks>
/// No number of units can block each other. A decoder asks for a buffer only when it holds none that it still fills: its earlier ones are with
/// the encoder, or on their way there, and come back without anything being asked of this budget. So whoever holds bytes here either fills a buffer, which
/// needs no more bytes, or waits for the encoder, which needs none at all; nobody holds and waits. And the first in the queue is served as soon as
/// everything else has come back, because no buffer larger than the whole budget is ever asked for. What decodes for other nodes
/// (<see cref="DecodeServer"/>) takes nothing from here: it waits for their budgets, and two nodes that decode for each other would wait in a circle.
/// </remarks>
internal sealed class StagingBudget
{
    private readonly long _capacity;
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiting = new();
    private long _inUse;

    /// <summary>Makes a budget.</summary>
    /// <param name="capacity">Bytes, at least 1.</param>
    public StagingBudget(long capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _capacity = capacity;
    }

    /// <summary>Bytes that are taken.</summary>
    public long InUse
    {
        get
        {
            lock (_lock)
            {
                return _inUse;
            }
        }
    }

    /// <summary>How many wait for their turn.</summary>
    public int Queued
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Makes sure that a buffer can be had at all.</summary>
    /// <param name="bytes">Its size.</param>
    /// <param name="what">What it holds, as in "one batch of pipeline 'paper'".</param>
    /// <exception cref="EnvironmentFaultException">The whole budget is smaller.</exception>
    public void Require(long bytes, string what)
    {
        if (bytes > _capacity)
        {
            throw new EnvironmentFaultException(
                "staging",
                string.Create(CultureInfo.InvariantCulture, $"staging_bytes is {_capacity}, but {what} takes {bytes} bytes."),
                string.Create(CultureInfo.InvariantCulture, $"Set staging_bytes to {bytes} or more, better to a few times the slots of it, or make the pipeline's batches smaller."));
        }
    }

    /// <summary>Takes bytes; blocks until it is this caller's turn and they are there.</summary>
    /// <exception cref="EnvironmentFaultException">The whole budget is smaller.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; nothing is taken then.</exception>
    public void Take(long bytes, CancellationToken cancellation)
    {
        Require(bytes, "one buffer");
        cancellation.ThrowIfCancellationRequested();
        LinkedListNode<Waiter> place;
        lock (_lock)
        {
            if (_waiting.Count == 0 && _inUse + bytes <= _capacity)
            {
                _inUse += bytes;
                return;
            }

            place = _waiting.AddLast(new Waiter(bytes));
        }

        try
        {
            place.Value.Turn.Wait(cancellation);
        }
        catch (OperationCanceledException)
        {
            lock (_lock)
            {
                if (place.List is null)
                {
                    _inUse -= bytes; // Its turn came at the same moment.
                }
                else
                {
                    _waiting.Remove(place);
                }

                Serve();
            }

            throw;
        }
    }

    /// <summary>Gives bytes back.</summary>
    public void Give(long bytes)
    {
        lock (_lock)
        {
            _inUse -= bytes;
            Serve();
        }
    }

    private void Serve()
    {
        while (_waiting.First is { } first && _inUse + first.Value.Bytes <= _capacity)
        {
            _inUse += first.Value.Bytes;
            _waiting.RemoveFirst();
            first.Value.Turn.Set();
        }
    }

    private sealed record Waiter(long Bytes)
    {
        public ManualResetEventSlim Turn { get; } = new();
    }
}
