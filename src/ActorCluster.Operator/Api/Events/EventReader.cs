using System.Threading.Channels;

namespace ActorCluster.Operator;

/// <summary>One who follows a topic: what is to be sent, of which no more waits than some looks bring.</summary>
internal sealed class EventReader
{
    private const int MostWaiting = 16;
    private readonly Channel<ReadOnlyMemory<byte>> _waiting = Channel.CreateBounded<ReadOnlyMemory<byte>>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    /// <summary>Hands something over; a reader that has too much waiting is let go.</summary>
    public void Send(ReadOnlyMemory<byte> bytes)
    {
        if (!_waiting.Writer.TryWrite(bytes))
        {
            _waiting.Writer.TryComplete(new TimeoutException("The client reads too slowly."));
        }
    }

    /// <summary>Nothing more comes.</summary>
    public void End() => _waiting.Writer.TryComplete();

    /// <summary>What is to be sent, in order.</summary>
    /// <exception cref="TimeoutException">Too much has waited.</exception>
    public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellation) => _waiting.Reader.ReadAllAsync(cancellation);
}
