using System.Buffers;
using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorCluster.Operator.Palettes;
using ActorCluster.Processing.Runs;

namespace ActorCluster.Operator;

/// <summary>Talks to the operator endpoints of a cluster: to one node for as long as it answers, then to the next.</summary>
public sealed class OperatorClient : IDisposable
{
    private const int LargestAnswer = 64 << 20;
    private const int QuotedCharacters = 80;
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(15);

    private const string Tls = "https://";
    private readonly ImmutableArray<string> _nodes;
    private readonly HttpClient _http;
    private int _current;

    /// <summary>Makes a client; connects to nothing yet.</summary>
    /// <param name="nodes">
    /// The nodes' operator addresses, <c>host:port</c> or <c>https://host:port</c>, at least one; those after the first are asked when the ones before do not answer.
    /// </param>
    /// <param name="token">The token that the nodes ask for, if any.</param>
    /// <param name="authorities">Who may have signed the nodes' certificates, instead of those whom this machine trusts: all nodes are then asked over TLS.</param>
    public OperatorClient(ImmutableArray<string> nodes, string? token, X509Certificate2Collection? authorities = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(nodes.Length, nameof(nodes));
        _nodes = authorities is null ? nodes : [.. nodes.Select(n => n.StartsWith(Tls, StringComparison.Ordinal) ? n : Tls + n)];
        // Neither a proxy nor a redirection gets to see the token.
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = ConnectWithin };
        if (authorities is not null)
        {
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LargestAnswer };
        _http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>How long a node may say nothing in the middle of an answer; it says that it is still there much more often.</summary>
    public TimeSpan Silence { get; init; } = 4 * CommandRecord.Heartbeat;

    /// <summary>The node that is asked first, as it was given.</summary>
    public string Node => _nodes[_current];

    /// <summary>Whether a text names a node's operator address: <c>host:port</c> or <c>https://host:port</c>.</summary>
    public static bool IsAddress(string text) => IsNode(text.StartsWith(Tls, StringComparison.Ordinal) ? text[Tls.Length..] : text);

    /// <summary>Whether a text names a node: <c>host:port</c>.</summary>
    public static bool IsNode(string text) =>
        Uri.TryCreate($"http://{text}/", UriKind.Absolute, out var uri) && uri is { AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" }
        && text.LastIndexOf(':') is var colon && colon > 0 && text[(colon + 1)..] == uri.Port.ToString() && uri.Port > 0;

    /// <summary>Every run.</summary>
    /// <exception cref="OperatorRefusedException">A node refuses.</exception>
    /// <exception cref="OperatorUnreachableException">No node answers.</exception>
    public async Task<ImmutableArray<RunListing>> RunsAsync(CancellationToken cancellation) =>
        (await SendAsync<RunList>("/v1/runs", cancellation)).Runs;

    /// <summary>What can be commanded.</summary>
    /// <inheritdoc cref="RunsAsync" path="/exception"/>
    public async Task<ImmutableArray<CommandPalette>> PalettesAsync(CancellationToken cancellation) =>
        (await SendAsync<PaletteList>("/v1/palettes", cancellation)).Palettes;

    /// <summary>Has a node do what a command says, and streams what it answers.</summary>
    /// <returns>The pieces as they come; the last one is a <see cref="CommandAnswer.Exit"/>.</returns>
    /// <exception cref="OperatorRefusedException">A node refuses the command as it was given.</exception>
    /// <exception cref="CommandFailedException">The node could not do it.</exception>
    /// <exception cref="OperatorUnreachableException">No node answers, or the one that did has gone in the middle: the next call begins with another.</exception>
    public async IAsyncEnumerable<CommandAnswer> CommandAsync(CommandRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var response = await ConnectAsync(HttpMethod.Post, "/v1/commands", request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (!response.IsSuccessStatusCode || response.Content.Headers.ContentType?.MediaType != CommandRecord.ContentType)
        {
            throw await RefusalOfAsync(response, cancellation);
        }

        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        var lines = PipeReader.Create(stream);
        var ended = false;
        while (!ended)
        {
            var answer = await NextAsync(lines, cancellation);
            ended = answer is CommandAnswer.Exit;
            yield return answer;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<T> SendAsync<T>(string path, CancellationToken cancellation)
    {
        using var response = await ConnectAsync(HttpMethod.Get, path, null, HttpCompletionOption.ResponseContentRead, cancellation);
        return await ReadAsync<T>(response, Node, cancellation);
    }

    /// <summary>Asks node after node until one answers.</summary>
    private async Task<HttpResponseMessage> ConnectAsync(HttpMethod method, string path, CommandRequest? body, HttpCompletionOption until, CancellationToken cancellation)
    {
        var silent = new List<string>();
        var first = _current;
        for (var i = 0; i < _nodes.Length; i++)
        {
            var at = (first + i) % _nodes.Length;
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            deadline.CancelAfter(AnswerWithin);
            try
            {
                var address = _nodes[at].StartsWith(Tls, StringComparison.Ordinal) ? _nodes[at] : "http://" + _nodes[at];
                using var request = new HttpRequestMessage(method, address + path) { Content = body is null ? null : JsonContent.Create(body, options: OperatorJson.Options) };
                var response = await _http.SendAsync(request, until, deadline.Token);
                _current = at;
                return response;
            }
            catch (HttpRequestException e)
            {
                silent.Add($"{_nodes[at]}: {e.InnerException?.Message ?? e.Message}");
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                silent.Add($"{_nodes[at]}: no answer within {AnswerWithin.TotalSeconds:0} s");
            }
        }

        throw new OperatorUnreachableException(string.Join("; ", silent));
    }

    /// <summary>Why there is no stream of records.</summary>
    private async Task<Exception> RefusalOfAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(AnswerWithin);
        try
        {
            await ReadAsync<JsonObject>(response, Node, deadline.Token);
            return NoNode(response, Node, [], null);
        }
        catch (OperatorRefusedException e)
        {
            return e;
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            return Gone($"nothing came for {AnswerWithin.TotalSeconds:0} s", e);
        }
    }

    /// <summary>The next record of an answer.</summary>
    private async Task<CommandAnswer> NextAsync(PipeReader lines, CancellationToken cancellation)
    {
        while (true)
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            deadline.CancelAfter(Silence);
            ReadResult read;
            try
            {
                read = await lines.ReadAsync(deadline.Token);
            }
            catch (Exception e) when (e is IOException or HttpRequestException)
            {
                throw Gone("the connection broke before the command had ended", e);
            }
            catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
            {
                throw Gone($"nothing came for {Silence.TotalSeconds:0} s", e);
            }

            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = Encoding.UTF8.GetString(read.Buffer.Slice(0, end));
                lines.AdvanceTo(read.Buffer.GetPosition(1, end));
                if (line.Length > 0)
                {
                    return RecordOf(line);
                }
            }
            else if (read.IsCompleted || read.Buffer.Length > CommandRecord.Longest)
            {
                throw Gone("the answer ended before the command had", null);
            }
            else
            {
                lines.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
    }

    private CommandAnswer RecordOf(string line)
    {
        try
        {
            return CommandRecord.Read(line);
        }
        catch (JsonException e)
        {
            throw new OperatorUnreachableException($"{Node}: it answers what is no record of a command: '{line[..Math.Min(line.Length, QuotedCharacters)]}'", e);
        }
    }

    private OperatorUnreachableException Gone(string how, Exception? e)
    {
        var node = Node;
        _current = (_current + 1) % _nodes.Length;
        return new OperatorUnreachableException($"{node}: {how}", e);
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, string node, CancellationToken cancellation)
    {
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellation);
        try
        {
            if (response.IsSuccessStatusCode)
            {
                return JsonSerializer.Deserialize<T>(bytes, OperatorJson.Options) ?? throw new JsonException();
            }

            var problem = JsonSerializer.Deserialize<OperatorProblem>(bytes, OperatorJson.Options) ?? throw new JsonException();
            throw new OperatorRefusedException(response.StatusCode, problem.Detail);
        }
        catch (JsonException e)
        {
            throw NoNode(response, node, bytes, e);
        }
    }

    private static OperatorUnreachableException NoNode(HttpResponseMessage response, string node, byte[] bytes, Exception? e) => new(
        $"{node}: what listens there is no node: it answers {(int)response.StatusCode} '{Encoding.UTF8.GetString(bytes.AsSpan(0, Math.Min(bytes.Length, QuotedCharacters)))}'", e);

    private sealed record RunList(ImmutableArray<RunListing> Runs);
}
