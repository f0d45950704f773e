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
internal sealed record PredictRequest(string Pipeline, PredictFormat Format, string? Boundary)
{
    private const int LongestBoundary = 100;
    private static readonly string[] Fields = ["pipeline", "format"];

    /// <summary>Reads a request, all but its body.</summary>
    /// <exception cref="OperatorRoutes.RefusedException">It is wrong, or its video is not one.</exception>
    /// <exception cref="RunRequestException">There is no such pipeline.</exception>
    public static PredictRequest Read(HttpRequest request)
    {
        var problems = new List<string>();
        foreach (var field in request.Query.Keys.Where(k => !Fields.Contains(k)))
        {
            var nearest = NearestNames.Find(field, Fields);
            problems.Add($"There is no '{Shorten(field)}' in the query{(nearest is [var name] ? $"; the nearest is '{name}'" : "")}. There are: {string.Join(", ", Fields)}.");
        }

        var pipeline = One(request, "pipeline", "lite", "a shipped pipeline's name, or the full path of a pipeline file", RunRequestJson.IsPipeline, problems);
        var format = One(request, "format", "json", "json, csv or parquet", text => text is "json" or "csv" or "parquet", problems);
        if (problems.Count > 0)
        {
            throw new OperatorRoutes.RefusedException("Wrong request", HttpStatusCode.BadRequest, string.Join('\n', problems));
        }

        var boundary = BoundaryOf(request);
        if (RunName.IsValid(pipeline) && PipelineLocator.Names().Any())
        {
            PipelineLocator.Find(pipeline); // Nodes ship the same ones: it need not be uploaded first. A file is looked for where the run is frozen.
        }

        return new PredictRequest(pipeline, format switch { "csv" => PredictFormat.Csv, "parquet" => PredictFormat.Parquet, _ => PredictFormat.Json }, boundary);
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

    private static string One(HttpRequest request, string field, string otherwise, string allowed, Func<string, bool> fits, List<string> problems)
    {
        var values = request.Query[field];
        if (values.Count == 0)
        {
            return otherwise;
        }

        if (values is [{ } text] && fits(text))
        {
            return text;
        }

        problems.Add($"{field}: '{Shorten(values.ToString())}' is not {allowed}.");
        return otherwise;
    }

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
