using System.Net.Sockets;
using ActorCluster.Processing.Inference;

namespace ActorCluster.Processing.Decoding;

/// <summary>One unit of work that this node decodes for another: runs the decoder and writes what it emits, until the end or until the other end is gone.</summary>
/// <param name="source">The decoder.</param>
/// <param name="job">The unit, with buffers of its own.</param>
/// <param name="limits">How long to wait for what.</param>
internal sealed class DecodeSession(IDecodeSource source, DecodeJob job, DecodeLimits limits)
{
    private const string Stopping = "this node is stopping";

    /// <summary>Serves a client that has shown its token. Blocks.</summary>
    /// <param name="socket">The connection, which it closes.</param>
    /// <param name="cancellation">Ends the session.</param>
    /// <returns>Why it ended before its end; null if it did not.</returns>
    public string? Run(Socket socket, CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        string? gone = null;
        var written = false;
        var watching = Task.Run(() => WatchAsync(socket, ended.Token), CancellationToken.None);
        // The decoder's process is killed and a blocked write ends as soon as the client is known to be gone.
        var watched = watching.ContinueWith(
            w =>
            {
                gone = w.Result;
                ended.Cancel();
                socket.Dispose();
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        try
        {
            socket.SendTimeout = (int)limits.Write.TotalMilliseconds;
            using (var stream = new NetworkStream(socket))
            {
                Decode(new DecodeStreamWriter(stream, job), ended.Token);
            }

            // What is written must be read before the connection goes: closing now would throw away what the client has not taken yet.
            written = true;
            socket.Shutdown(SocketShutdown.Send);
            watched.GetAwaiter().GetResult();
            return null;
        }
        catch (Exception e) when (e is DecodeStreamException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            return written ? null : gone ?? (cancellation.IsCancellationRequested ? Stopping : e.Message);
        }
        finally
        {
            ended.Cancel();
            socket.Dispose();
            watched.GetAwaiter().GetResult();
            job.Dispose();
        }
    }

    private void Decode(DecodeStreamWriter writer, CancellationToken cancellation)
    {
        using var signs = new Timer(_ => Sign(writer), null, limits.Ping, limits.Ping);
        try
        {
            source.Run(emitted => Reaching(() => writer.Write(emitted)), cancellation);
        }
        catch (Exception e) when (e is not (DecodeStreamException or OperationCanceledException))
        {
            Reaching(() => writer.Write(Fault.Of(e, job.Progress.Stage)));
        }
    }

    private static void Reaching(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            throw new DecodeStreamException($"the stream could not be written: {e.Message}", e);
        }
    }

    private void Sign(DecodeStreamWriter writer)
    {
        try
        {
            writer.WriteProgress(job.Progress);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // The decoder's next frame meets the same end.
        }
    }

    /// <summary>Reads the client's signs of life until there are no more.</summary>
    private async Task<string> WatchAsync(Socket socket, CancellationToken cancellation)
    {
        var pings = new byte[64];
        while (true)
        {
            using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            silence.CancelAfter(limits.Silence);
            try
            {
                var read = await socket.ReceiveAsync(pings, SocketFlags.None, silence.Token);
                if (read == 0)
                {
                    return "the client closed the connection";
                }

                if (pings.AsSpan(0, read).ContainsAnyExcept((byte)0))
                {
                    return "the client sent what no client sends";
                }
            }
            catch (OperationCanceledException)
            {
                return cancellation.IsCancellationRequested ? Stopping : $"the client was silent for {limits.Silence.TotalSeconds:0.#} s";
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return $"the connection broke: {e.Message}";
            }
        }
    }
}
