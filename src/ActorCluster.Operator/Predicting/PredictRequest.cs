using System.Net;
using ActorCluster.Core.Formats;
using ActorCluster.Processing.Runs;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ActorCluster.Operator.Predicting;

/// <summary>What <c>POST /v1/predict</c> was asked for, as far as it can be told before the video is read.</summary>
/// <param name="Pipeline">A shipped pipeline's name, or a pipeline file's full path.</param>
/// <param name="Format">What to answer with.</param>
/// <param name="Boundary">What the parts of a form are divided by; null for a body that is the video.</param>
internal sealed record PredictRequest(string Pipeline, PredictionFormat Format, string? Boundary)
{
    private const int LongestBoundary = 100;

    /// <summary>Reads a request, all but its body.</summary>
    /// <exception cref="OperatorRoutes.RefusedException">It is wrong, or its video is not one.</exception>
    /// <exception cref="RunRequestException">There is no such pipeline.</exception>
    public static PredictRequest Read(HttpRequest request)
    {
        var query = new ApiQuery(request, "pipeline", "format");
        var pipeline = query.Text("pipeline") ?? "lite";
        if (!RunRequestJson.IsPipeline(pipeline))
        {
            throw ApiQuery.Wrong($"pipeline: '{ApiQuery.Shorten(pipeline)}' is not a shipped pipeline's name, or the full path of a pipeline file.");
        }

        var format = query.Choice<PredictionFormat>("format") ?? PredictionFormat.Json;
        var boundary = BoundaryOf(request);
        if (RunName.IsValid(pipeline))
        {
            PipelineLocator.Find(pipeline); // Nodes ship the same ones: it need not be uploaded first. A file is looked for where the run is frozen.
        }

        return new PredictRequest(pipeline, format, boundary);
    }

    private static string? BoundaryOf(HttpRequest request)
    {
        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
        {
            if (type.Type.Equals("video", StringComparison.OrdinalIgnoreCase) || type.MediaType.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase))
            {
                return null;
            }

            if (type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase) && HeaderUtilities.RemoveQuotes(type.Boundary) is { Length: > 0 and <= LongestBoundary } boundary)
            {
                return boundary.ToString();
            }
        }

        throw new OperatorRoutes.RefusedException(
            "Not a video",
            HttpStatusCode.UnsupportedMediaType,
            "Send the video as the body, with the header Content-Type: application/octet-stream or video/…, or as the one file of a form (multipart/form-data).");
    }
}
