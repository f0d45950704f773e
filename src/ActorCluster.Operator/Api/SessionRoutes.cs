using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ActorCluster.Operator;

/// <summary><c>/v1/session</c>: for browsers, which cannot send a token with what a page is made of.</summary>
/// <param name="gate">Who may ask.</param>
internal sealed class SessionRoutes(OperatorGate gate)
{
    private const int LargestBody = 8 << 10;
    private static readonly JsonSerializerOptions Strict = new(OperatorJson.Options)
    {
        AllowDuplicateProperties = false, MaxDepth = 4, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Adds them to a server.</summary>
    public void Map(WebApplication server)
    {
        server.MapPost(OperatorGate.Session, BeginAsync);
        server.MapDelete(OperatorGate.Session, End);
    }

    private async Task BeginAsync(HttpContext context)
    {
        OperatorRoutes.RequireJson(context);
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = LargestBody;
        SessionRequest? request;
        try
        {
            request = await JsonSerializer.DeserializeAsync<SessionRequest>(context.Request.Body, Strict, context.RequestAborted);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // The latter: half a surrogate pair in a string.
        {
            request = null;
        }

        if (request is null)
        {
            throw new OperatorRoutes.RefusedException("Wrong request", HttpStatusCode.BadRequest, "The body must be {\"token\": \"…\"}.");
        }

        if (gate.Admit(request.Token) is { } cookie)
        {
            context.Response.Cookies.Append(SessionCookie.Name, cookie, Options(context));
        }

        NoContent(context);
    }

    private static Task End(HttpContext context)
    {
        context.Response.Cookies.Delete(SessionCookie.Name, Options(context));
        NoContent(context);
        return Task.CompletedTask;
    }

    private static void NoContent(HttpContext context)
    {
        OperatorRoutes.AddHeaders(context.Response);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static CookieOptions Options(HttpContext context) => new()
    {
        HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = "/", MaxAge = SessionCookie.Lifetime,
    };
}
