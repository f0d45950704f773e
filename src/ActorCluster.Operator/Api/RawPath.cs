using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ActorCluster.Operator;

/// <summary>
/// A request's path as the client wrote it. What the server has decoded of it is of no use for a text that may hold anything: it leaves <c>%2F</c> as it is and decodes
/// <c>%252F</c> to just that.
/// </summary>
internal static class RawPath
{
    /// <summary>One segment, decoded once.</summary>
    /// <param name="request">The request.</param>
    /// <param name="index">Its index among all; the empty one before the first slash is 0.</param>
    /// <exception cref="OperatorRoutes.RefusedException">The path was written in a way that nobody writes who means one of ours.</exception>
    public static string Segment(HttpRequest request, int index)
    {
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var raw = (query < 0 ? target : target[..query]).Split('/');
        // Dot segments are taken out before a request is routed; then these are not the segments that it was routed by. So it is with http://host/path.
        if (raw.Length != request.Path.Value!.Split('/').Length || raw[0].Length > 0)
        {
            throw new OperatorRoutes.RefusedException("Not found", HttpStatusCode.NotFound, "Encode each part of a path by itself, a slash as %2F, and leave out parts like '..'.");
        }

        return Uri.UnescapeDataString(raw[index]);
    }
}
