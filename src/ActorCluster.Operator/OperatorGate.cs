using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ActorCluster.Operator;

/// <summary>
/// Decides who may ask. With a token, whoever brings it, or the cookie that a browser was given for it. Without, the endpoint listens on loopback only, and what is left to keep out is a web
/// page in a browser on this machine: one whose own name was made to resolve to loopback (its Host header is not ours), and one that posts to us from elsewhere (its Origin is not
/// ours).
/// </summary>
internal sealed class OperatorGate
{
    /// <summary>Where a browser exchanges the token for a cookie.</summary>
    public const string Session = "/v1/session";

    private const string Scheme = "Bearer ";
    private static readonly PathString[] Pages = ["/login", "/compare", "/runs", "/assets"];
    private readonly string _hostname;
    private readonly byte[]? _tokenHash;
    private readonly SessionCookie? _cookie;

    public OperatorGate(OperatorSettings settings)
    {
        _hostname = settings.Hostname;
        (_tokenHash, _cookie) = settings.Token is { } token ? (Hash(token), new SessionCookie(token)) : (null, null);
    }

    /// <summary>Whether a request asks no more than whether the node lives: supervisors have no token.</summary>
    public static bool IsProbe(HttpRequest request) => request.Path == "/healthz" || request.Path == "/readyz";

    /// <summary>Whether a request asks for what holds no data: a page is empty until it has asked <c>/v1</c>.</summary>
    public static bool IsPage(HttpRequest request) => IsRead(request) && (request.Path == "/" || Pages.Any(p => request.Path.StartsWithSegments(p, StringComparison.Ordinal)));

    /// <summary>Whether a request may be answered in full.</summary>
    public bool Knows(HttpRequest request) => _tokenHash is null || BringsToken(request) || BringsCookie(request) == true;

    /// <summary>Whether a request that is refused tries what might be right: one without anything, or with a cookie that was right once, is none.</summary>
    public bool IsAttempt(HttpRequest request) => request.Headers.Authorization.Count > 0 || BringsCookie(request) == false;

    /// <summary>Exchanges a token for a cookie.</summary>
    /// <returns>The cookie; null where nobody needs one.</returns>
    /// <exception cref="OperatorRoutes.RefusedException">It is not the token.</exception>
    public string? Admit(string token) => _tokenHash is null ? null
        : CryptographicOperations.FixedTimeEquals(Hash(token), _tokenHash) ? _cookie!.Issue(DateTimeOffset.UtcNow)
        : throw new OperatorRoutes.RefusedException("Unauthorized", HttpStatusCode.Unauthorized, "That is not this node's token.");

    /// <summary>Why a request is refused; null when it is not.</summary>
    public OperatorProblem? Refuse(HttpRequest request)
    {
        if (_tokenHash is not null)
        {
            if (IsProbe(request) || IsPage(request) || BringsToken(request))
            {
                return null;
            }

            if (request.Path == Session && HttpMethods.IsPost(request.Method))
            {
                return request.Headers.Origin.Count == 0 ? null : WrongOrigin(request);
            }

            // What a page of another site has a browser send comes with the cookie too, unless the browser knows better; that it is such a page only its Origin tells.
            return BringsCookie(request) != true ? new OperatorProblem("Unauthorized", (int)HttpStatusCode.Unauthorized, "This node answers known operators only.")
                : IsRead(request) ? null
                : request.Headers.Origin.Count == 0 ? new OperatorProblem("Wrong origin", (int)HttpStatusCode.Forbidden, "Without a token in the header Authorization this needs the header Origin.")
                : WrongOrigin(request);
        }

        return IsOwn(request.Host.Host)
            ? WrongOrigin(request)
            : new OperatorProblem(
                "Wrong host",
                (int)HttpStatusCode.Forbidden,
                $"Without a token this node answers under its own names only: localhost, a loopback address, or '{_hostname}'. Ask for one of these, or set operator.token.");
    }

    private static OperatorProblem? WrongOrigin(HttpRequest request)
    {
        foreach (var origin in request.Headers.Origin)
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || !uri.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase))
            {
                return new OperatorProblem("Wrong origin", (int)HttpStatusCode.Forbidden, "Pages of other sites may not ask this node.");
            }
        }

        return null;
    }

    private static bool IsRead(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    private bool IsOwn(string host) => OperatorSettings.IsLoopbackName(host) || host.Trim('[', ']').Equals(_hostname, StringComparison.OrdinalIgnoreCase);

    private bool BringsToken(HttpRequest request) =>
        request.Headers[HeaderNames.Authorization] is [{ } header]
        && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Hash(header[Scheme.Length..]), _tokenHash); // Hashes, so that not even the length shows.

    /// <summary>True for a cookie that is good, false for one that never was; null for none, and for one that has expired.</summary>
    private bool? BringsCookie(HttpRequest request) =>
        _cookie is not null && request.Headers.Authorization.Count == 0 && request.Cookies[SessionCookie.Name] is { Length: > 0 } value ? _cookie.Judge(value, DateTimeOffset.UtcNow) : null;

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
