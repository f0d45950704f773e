using System.Net.Sockets;
using ActorCluster.Core.Faults;
using static ActorCluster.Processing.Decoding.DecodeMessages;
using static ActorCluster.Processing.Inference.InferenceMessages;

namespace ActorCluster.Processing.Decoding;

/// <summary>
/// Has another node decode a unit of work and reads what it emits from a TCP stream, into this node's buffers: while none is free nothing is read, and TCP's
/// window holds the decoder back. Where the decoder does not take the unit, this node decodes it itself.
/// </summary>
/// <param name="job">The unit of work.</param>
/// <param name="decoder">What the decoder is called.</param>
/// <param name="open">Asks the decoder for a stream; null when it does not answer.</param>
/// <param name="local">Decodes here.</param>
/// <param name="lost">Takes note of decoders that fail.</param>
/// <param name="limits">How long to wait for what.</param>
/// <param name="log">Takes what an operator should know.</param>
internal sealed class RemoteDecode(
    DecodeJob job, string decoder, Func<CancellationToken, object?> open, IDecodeSource local, LostDecoders lost, DecodeLimits limits, Action<string> log) : IDecodeSource
{
    /// <summary>What a client sends first: these bytes, then its token.</summary>
    public static ReadOnlySpan<byte> Greeting => "ACD1"u8;

    /// <inheritdoc/>
    public void Run(Action<object> emit, CancellationToken cancellation)
    {
        using var socket = Connect(cancellation);
        if (socket is null)
        {
            local.Run(emit, cancellation);
            return;
        }

        // Whatever a thread is blocked in ends with its socket.
        using var closing = cancellation.UnsafeRegister(static s => ((Socket)s!).Dispose(), socket);
        using var pings = new Timer(static s => Ping((Socket)s!), socket, limits.Ping, limits.Ping);
        using var stream = new NetworkStream(socket) { ReadTimeout = (int)limits.Silence.TotalMilliseconds };
        var reader = new DecodeStreamReader(stream, job, limits.Frame);
        try
        {
            for (object? emitted = null; emitted is not UnitDecoded;)
            {
                emit(emitted = reader.Read(cancellation));
            }
        }
        catch (EnvironmentFaultException)
        {
            lost.Add(decoder); // Its environment, most likely.
            throw;
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or DecodeStreamException)
        {
            cancellation.ThrowIfCancellationRequested();
            lost.Add(decoder);
            var cause = e is IOException { InnerException: SocketException { SocketErrorCode: SocketError.TimedOut or SocketError.WouldBlock } }
                ? $"it was silent for {limits.Silence.TotalSeconds:0.#} s"
                : e.Message;
            throw new DecoderLostException($"the node that decoded it, {decoder}, was lost: {cause}", e);
        }
    }

    /// <summary>A stream from the decoder, before anything of the unit is read; null where it cannot be had.</summary>
    private Socket? Connect(CancellationToken cancellation)
    {
        switch (open(cancellation))
        {
            case DecodeOffered offer:
                try
                {
                    return Connect(offer, cancellation);
                }
                catch (Exception e) when (e is SocketException or IOException)
                {
                    lost.Add(decoder);
                    log($"Decoder {decoder} cannot be reached at {offer.Host}:{offer.Port}: {e.Message} This node decodes {job.Order.Unit} of video {job.Order.VideoId} itself.");
                    return null;
                }

            case DecodeRefused refusal:
                log($"Decoder {decoder} does not take {job.Order.Unit} of video {job.Order.VideoId}: {refusal.Reason} This node decodes it itself.");
                return null;
            default:
                lost.Add(decoder);
                log($"Decoder {decoder} does not answer. This node decodes {job.Order.Unit} of video {job.Order.VideoId} itself.");
                return null;
        }
    }

    private Socket Connect(DecodeOffered offer, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(limits.Connect);
            socket.ConnectAsync(offer.Host, offer.Port, limit.Token).AsTask().GetAwaiter().GetResult();
            socket.SendTimeout = (int)limits.Silence.TotalMilliseconds;
            socket.Send([.. Greeting, .. offer.Token]);
            return socket;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            socket.Dispose();
            throw new IOException($"no connection within {limits.Connect.TotalSeconds:0.#} s.");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Tells the decoder that its client lives.</summary>
    internal static void Ping(Socket socket)
    {
        try
        {
            socket.Send([0]);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The reader meets the same end and says so.
        }
    }
}
