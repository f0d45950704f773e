using System.Net;
using ActorCluster.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ActorCluster.Operator.Dashboard;

/// <summary>The pages that operators look at, and their parts. They hold nothing of the cluster: their scripts ask <c>/v1</c> for it, with what their reader may see.</summary>
internal static class DashboardRoutes
{
    /// <summary>
    /// What a page may do: run and look as the node's own files say, ask and play from the node. Nothing from elsewhere, no script or style in the page itself, no
    /// form that the browser sends, no frame around it.
    /// </summary>
    public const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Pages by their route.</summary>
    internal static IReadOnlyDictionary<string, DashboardFile> Pages { get; } = new Dictionary<string, DashboardFile>(StringComparer.Ordinal)
    {
        ["/"] = DashboardFile.Page("overview", "Overview"),
        ["/runs/{run}"] = DashboardFile.Page("run", "Run"),
        ["/runs/{run}/videos/{video}"] = DashboardFile.Page("video", "Video"),
        ["/compare"] = DashboardFile.Page("compare", "Compare"),
        ["/login"] = DashboardFile.Page("login", "Sign in"),
    };

    /// <summary>Parts of pages by their name; there are no others.</summary>
    internal static IReadOnlyDictionary<string, DashboardFile> Assets { get; } = Collect();

    /// <summary>Adds them to a server.</summary>
    public static void Map(WebApplication server)
    {
        foreach (var (route, page) in Pages)
        {
            server.MapMethods(route, ReadApi.Reads, context => ServeAsync(context, page));
        }

        server.MapMethods("/assets/{name}", ReadApi.Reads, context => Assets.TryGetValue((string)context.Request.RouteValues["name"]!, out var asset)
            ? ServeAsync(context, asset)
            : throw new OperatorRoutes.RefusedException("Not found", HttpStatusCode.NotFound, "The pages have no such part."));
    }

    private static Dictionary<string, DashboardFile> Collect()
    {
        string[] names =
        [
            "dashboard.css", "overview.css", "run.css", "video.css", "compare.css", "login.css", "icon.svg", "theme.js",
            "api.js", "actions.js", "dialog.js", "differences.js", "dom.js", "frame.js", "live.js", "player.js", "shares.js", "sparkline.js", "table.js", "units.js", "videos.js", "words.js",
            "overview.js", "run.js", "video.js", "compare.js", "login.js",
        ];
        var assets = names.ToDictionary(name => name, DashboardFile.Embedded, StringComparer.Ordinal);
        assets["charts.js"] = DashboardFile.Of("charts.js", ChartAssets.Script);
        assets["charts.css"] = DashboardFile.Of("charts.css", ChartAssets.Style);
        return assets;
    }

    private static async Task ServeAsync(HttpContext context, DashboardFile file)
    {
        var response = context.Response;
        OperatorRoutes.AddHeaders(response);
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XFrameOptions = "DENY";
        response.Headers["Referrer-Policy"] = "no-referrer";
        // Kept, but asked about each time: after an upgrade no page is made of old and new parts.
        response.Headers.CacheControl = "no-cache";
        response.Headers.ETag = file.Tag.ToString();
        if (context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(file.Tag, useStrongComparison: false) || known.Equals(EntityTagHeaderValue.Any)))
        {
            response.StatusCode = (int)HttpStatusCode.NotModified;
            return;
        }

        response.ContentType = file.ContentType;
        response.ContentLength = file.Content.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(file.Content, context.RequestAborted);
        }
    }
}
