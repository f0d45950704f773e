using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using ActorCluster.Core.Faults;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Inference;
using ActorCluster.Processing.Telemetry;
using static ActorCluster.Processing.Decoding.DecodeMessages;

namespace ActorCluster.Processing.Decoding;

/// <summary>
/// Decodes units of work for other nodes: keeps a slot for each stream that it has offered, and serves it to whoever connects with the offer's token. It
/// listens at the node's own name only, and what it holds is bounded: two buffers for each slot, and a few connections that have not shown a token yet.
/// </summary>
internal sealed class DecodeServer : IDisposable
{
    private const int TokenBytes = 16;
    private const int MostStrangers = 32;

    private readonly NodeContext _node;
    private readonly DecodeLimits _limits;
    private readonly Action<string> _log;
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<Offer> _offers = [];
    private readonly List<Offer> _sessions = [];
    private int _strangers;

    /// <summary>Starts to listen.</summary>
    /// <param name="node">The node, whose settings give the name and the number of slots.</param>
    /// <param name="limits">How long to wait for what.</param>
    /// <param name="log">Takes why a connection ended that did not end well.</param>
    /// <exception cref="EnvironmentFaultException">It cannot listen at the node's name.</exception>
    public DecodeServer(NodeContext node, DecodeLimits limits, Action<string> log)
    {
        (_node, _limits, _log) = (node, limits, log);
        var host = node.Settings.Hostname;
        try
        {
            var address = IPAddress.TryParse(host, out var literal) ? literal : Dns.GetHostAddresses(host)[0];
            _listener = new TcpListener(address, 0);
            _listener.Start();
        }
        catch (SocketException e)
        {
            throw new EnvironmentFaultException("decode", $"This node cannot decode for others: it cannot listen at '{host}': {e.Message}.", "Set hostname to a name or address of this machine, or decode_slots to 0.", e);
        }

        _ = AcceptAsync();
    }

    /// <summary>The TCP port.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The node that each slot in use works for, or is kept for.</summary>
    public ImmutableArray<string> Serves
    {
        get
        {
            lock (_lock)
            {
                ForgetLateOffers();
                return [.. _offers.Concat(_sessions).Select(o => o.Request.Node)];
            }
        }
    }

    /// <summary>Offers a stream. Loads what decoding needs of the pipeline where it is not loaded yet.</summary>
    /// <returns><see cref="DecodeOffered"/>, or <see cref="DecodeRefused"/> with the reason as a sentence.</returns>
    public object Answer(OpenDecode request)
    {
        try
        {
            var assets = _node.Pipelines.ForDecoding(request.Order.Run);
            if (assets.Key != request.Key)
            {
                return new DecodeRefused($"Its bytes could differ: it is another kind of machine ({EncoderIdentity.DecodeClass(_node.Tools.Version)}) or has other models.");
            }

            var info = _node.Plans.Read(request.Order.Run.Name, request.Order.VideoId, request.Order.PlanHash);
            if (!File.Exists(info.Path))
            {
                return new DecodeRefused($"It does not see '{info.Path}'.");
            }

            var offer = new Offer(request, RandomNumberGenerator.GetBytes(TokenBytes), new DecodeJob(assets, info, request.Order, budget: null), TimeProvider.System.GetTimestamp());
            lock (_lock)
            {
                ForgetLateOffers();
                if (_stop.IsCancellationRequested || _offers.Count + _sessions.Count >= _node.Settings.DecodeSlots)
                {
                    return new DecodeRefused(_stop.IsCancellationRequested ? "It is stopping." : $"Its {_node.Settings.DecodeSlots} decode slots are in use.");
                }

                _offers.Add(offer);
            }

            return new DecodeOffered(_node.Settings.Hostname, Port, offer.Token);
        }
        catch (EnvironmentFaultException e)
        {
            return new DecodeRefused($"{e.Cause} {e.Remedy}");
        }
    }

    /// <summary>Stops listening and ends every stream; decoders' processes are killed.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_stop.IsCancellationRequested)
            {
                return;
            }

            _stop.Cancel();
            _listener.Dispose();
            _offers.Clear();
        }
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                if (Interlocked.Increment(ref _strangers) > MostStrangers)
                {
                    Interlocked.Decrement(ref _strangers);
                    socket.Dispose();
                    continue;
                }

                _ = ServeAsync(socket);
            }
            catch (Exception e) when (_stop.IsCancellationRequested || e is ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // Who came has gone again.
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        var from = (socket.RemoteEndPoint as IPEndPoint)?.ToString() ?? "unknown";
        Offer? offer;
        try
        {
            offer = await AdmitAsync(socket, from);
        }
        finally
        {
            Interlocked.Decrement(ref _strangers);
        }

        if (offer is null)
        {
            socket.Dispose();
            return;
        }

        try
        {
            socket.NoDelay = true;
            using var span = ChunkSpans.Below(offer.Request.Order.Trace, "decode.remote")?.SetTag("actorcluster.node", _node.Name);
            var session = new DecodeSession(new DecodeWork(_node, offer.Job), offer.Job, _limits);
            if (await OwnThread.Run(() => session.Run(socket, _stop.Token)) is { } cause)
            {
                var order = offer.Request.Order;
                _log($"Decoding {order.Unit} of video {order.VideoId} for {offer.Request.Node} ended early: {cause}.");
            }
        }
        catch (Exception e)
        {
            _log($"Decoding for {offer.Request.Node} failed: {e}");
        }
        finally
        {
            lock (_lock)
            {
                _sessions.Remove(offer);
            }
        }
    }

    /// <summary>The offer whose token a client shows; null where it shows none.</summary>
    private async Task<Offer?> AdmitAsync(Socket socket, string from)
    {
        var hello = new byte[RemoteDecode.Greeting.Length + TokenBytes];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        limit.CancelAfter(_limits.Connect);
        try
        {
            for (var have = 0; have < hello.Length;)
            {
                var read = await socket.ReceiveAsync(hello.AsMemory(have), SocketFlags.None, limit.Token);
                if (read == 0)
                {
                    _log($"A connection from {from} was refused: it closed before it had shown a token.");
                    return null;
                }

                have += read;
            }
        }
        catch (OperationCanceledException)
        {
            _log($"A connection from {from} was refused: it showed no token within {_limits.Connect.TotalSeconds:0.#} s.");
            return null;
        }
        catch (SocketException e)
        {
            _log($"A connection from {from} was refused: it broke before it had shown a token: {e.Message}");
            return null;
        }

        var offer = hello.AsSpan().StartsWith(RemoteDecode.Greeting) ? Take(hello.AsSpan(RemoteDecode.Greeting.Length)) : null;
        if (offer is null)
        {
            _log($"A connection from {from} was refused: it showed no token that stands.");
        }

        return offer;
    }

    private Offer? Take(ReadOnlySpan<byte> token)
    {
        lock (_lock)
        {
            ForgetLateOffers();
            Offer? taken = null;
            foreach (var offer in _offers)
            {
                taken = CryptographicOperations.FixedTimeEquals(offer.Token, token) ? offer : taken;
            }

            if (taken is not null)
            {
                _offers.Remove(taken);
                _sessions.Add(taken);
            }

            return taken;
        }
    }

    private void ForgetLateOffers() => _offers.RemoveAll(o => TimeProvider.System.GetElapsedTime(o.At) > _limits.Token);

    private sealed record Offer(OpenDecode Request, byte[] Token, DecodeJob Job, long At);
}
