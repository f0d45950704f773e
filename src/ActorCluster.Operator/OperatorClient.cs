using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorCluster.Processing.Runs;

namespace ActorCluster.Operator;

/// <summary>Talks to the operator endpoints of a cluster: to one node for as long as it answers, then to the next.</summary>
public sealed class OperatorClient : IDisposable
{
    private const int LargestAnswer = 64 << 20;
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(15);

    /// <summary>A submission scans folders and reads weights before it is answered.</summary>
    private static readonly TimeSpan SubmitWithin = TimeSpan.FromMinutes(10);

    private readonly ImmutableArray<string> _nodes;
    private readonly HttpClient _http;
    private int _current;

    /// <summary>Makes a client; connects to nothing yet.</summary>
    /// <param name="nodes">The nodes' operator addresses, <c>host:port</c>, at least one; those after the first are asked when the ones before do not answer.</param>
    /// <param name="token">The token that the nodes ask for, if any.</param>
    public OperatorClient(ImmutableArray<string> nodes, string? token)
    {
        ArgumentOutOfRangeException.ThrowIfZero(nodes.Length, nameof(nodes));
        _nodes = nodes;
        // Neither a proxy nor a redirection gets to see the token.
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = ConnectWithin };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LargestAnswer };
        _http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>The node that is asked first, <c>host:port</c>.</summary>
    public string Node => _nodes[_current];

    /// <summary>Whether a text names a node: <c>host:port</c>.</summary>
    public static bool IsNode(string text) =>
        Uri.TryCreate($"http://{text}/", UriKind.Absolute, out var uri) && uri is { AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" }
        && text.LastIndexOf(':') is var colon && colon > 0 && text[(colon + 1)..] == uri.Port.ToString() && uri.Port > 0;

    /// <summary>Registers a run, extends it, or goes on with it.</summary>
    /// <exception cref="OperatorRefusedException">A node refuses.</exception>
    /// <exception cref="OperatorUnreachableException">No node answers.</exception>
    public Task<RunFrozen> SubmitAsync(RunRequest request, CancellationToken cancellation) =>
        SendAsync<RunFrozen>(HttpMethod.Post, "/v1/runs", RunRequestJson.Write(request), SubmitWithin, cancellation);

    /// <summary>Every run.</summary>
    /// <inheritdoc cref="SubmitAsync" path="/exception"/>
    public async Task<ImmutableArray<RunListing>> RunsAsync(CancellationToken cancellation) =>
        (await SendAsync<RunList>(HttpMethod.Get, "/v1/runs", null, AnswerWithin, cancellation)).Runs;

    /// <summary>How far a run is.</summary>
    /// <inheritdoc cref="SubmitAsync" path="/exception"/>
    public Task<RunQueries.RunProgress> ProgressAsync(string run, CancellationToken cancellation) =>
        SendAsync<RunQueries.RunProgress>(HttpMethod.Get, PathOf(run), null, AnswerWithin, cancellation);

    /// <summary>How a run has ended. Refused as a conflict for as long as it has not.</summary>
    /// <inheritdoc cref="SubmitAsync" path="/exception"/>
    public Task<RunResult> ResultAsync(string run, CancellationToken cancellation) =>
        SendAsync<RunResult>(HttpMethod.Get, PathOf(run) + "/result", null, AnswerWithin, cancellation);

    /// <summary>Goes on with a run that waits.</summary>
    /// <inheritdoc cref="SubmitAsync" path="/exception"/>
    public Task ResumeAsync(string run, CancellationToken cancellation) => SendAsync<JsonObject>(HttpMethod.Post, PathOf(run) + "/resume", null, AnswerWithin, cancellation);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static string PathOf(string run) => "/v1/runs/" + Uri.EscapeDataString(run);

    private async Task<T> SendAsync<T>(HttpMethod method, string path, JsonNode? body, TimeSpan within, CancellationToken cancellation)
    {
        var silent = new List<string>();
        for (var i = 0; i < _nodes.Length; i++)
        {
            var at = (_current + i) % _nodes.Length;
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            deadline.CancelAfter(within);
            try
            {
                using var request = new HttpRequestMessage(method, $"http://{_nodes[at]}{path}") { Content = body is null ? null : JsonContent.Create(body) };
                using var response = await _http.SendAsync(request, deadline.Token);
                _current = at;
                return await ReadAsync<T>(response, _nodes[at], deadline.Token);
            }
            catch (HttpRequestException e)
            {
                silent.Add($"{_nodes[at]}: {e.InnerException?.Message ?? e.Message}");
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                silent.Add($"{_nodes[at]}: no answer within {within.TotalSeconds:0} s");
            }
        }

        throw new OperatorUnreachableException(string.Join("; ", silent));
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
            var start = Encoding.UTF8.GetString(bytes.AsSpan(0, Math.Min(bytes.Length, 80)));
            throw new OperatorUnreachableException($"{node}: what listens there is no node: it answers {(int)response.StatusCode} '{start}'", e);
        }
    }

    private sealed record RunList(ImmutableArray<RunListing> Runs);
}
