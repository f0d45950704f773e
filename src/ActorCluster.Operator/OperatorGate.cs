using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ActorCluster.Operator;

/// <summary>
/// Decides who may ask. With a token, whoever brings it. Without, the endpoint listens on loopback only, and what is left to keep out is a web page in a browser
/// on this machine: one whose own name was made to resolve to loopback (its Host header is not ours), and one that posts to us from elsewhere (its Origin is not
/// ours).
/// </summary>
internal sealed class OperatorGate
{
    private const string Scheme = "Bearer ";
    private readonly string _hostname;
    private readonly byte[]? _tokenHash;

    public OperatorGate(OperatorSettings settings)
    {
        _hostname = settings.Hostname;
        _tokenHash = settings.Token is { } token ? Hash(token) : null;
    }

    /// <summary>Whether a request may be answered in full.</summary>
    public bool Knows(HttpRequest request) => _tokenHash is null || BringsToken(request);

    /// <summary>Why a request is refused; null when it is not.</summary>
    /// <param name="request">The request.</param>
    /// <param name="isProbe">Whether it asks no more than whether the node lives: supervisors have no token.</param>
    public OperatorProblem? Refuse(HttpRequest request, bool isProbe)
    {
        if (_tokenHash is not null)
        {
            return isProbe || BringsToken(request) ? null : new OperatorProblem("Unauthorized", (int)HttpStatusCode.Unauthorized, "This node answers known operators only.");
        }

        if (!IsOwn(request.Host.Host))
        {
            return new OperatorProblem(
                "Wrong host",
                (int)HttpStatusCode.Forbidden,
                $"Without a token this node answers under its own names only: localhost, a loopback address, or '{_hostname}'. Ask for one of these, or set operator.token.");
        }

        foreach (var origin in request.Headers.Origin)
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || !uri.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase))
            {
                return new OperatorProblem("Wrong origin", (int)HttpStatusCode.Forbidden, "Pages of other sites may not ask this node.");
            }
        }

        return null;
    }

    private bool IsOwn(string host) => OperatorSettings.IsLoopbackName(host) || host.Trim('[', ']').Equals(_hostname, StringComparison.OrdinalIgnoreCase);

    private bool BringsToken(HttpRequest request) =>
        request.Headers[HeaderNames.Authorization] is [{ } header]
        && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Hash(header[Scheme.Length..]), _tokenHash); // Hashes, so that not even the length shows.

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
