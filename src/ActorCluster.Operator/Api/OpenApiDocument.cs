using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorCluster.Operator.Comparing;
using ActorCluster.Processing.Control;
using ActorCluster.Processing.Reporting;
using ActorCluster.Processing.Runs;
using Microsoft.AspNetCore.Http;

namespace ActorCluster.Operator;

/// <summary>
/// The OpenAPI 3.1 document of everything under <c>/v1</c>, at <c>/v1/openapi.json</c>. What an answer looks like comes from the types that are written, so that it stays true.
/// </summary>
internal static class OpenApiDocument
{
    private const string Json = "application/json";
    private const string Stream = "text/event-stream";
    private static readonly Lazy<byte[]> Bytes = new(() => JsonSerializer.SerializeToUtf8Bytes(Create()));

    /// <summary>Answers with it.</summary>
    public static async Task AnswerAsync(HttpContext context)
    {
        OperatorRoutes.AddHeaders(context.Response);
        context.Response.ContentType = Json;
        context.Response.ContentLength = Bytes.Value.Length;
        await context.Response.Body.WriteAsync(Bytes.Value, context.RequestAborted);
    }

    /// <summary>Writes it anew.</summary>
    internal static JsonObject Create()
    {
        var paths = new JsonObject();
        foreach (var operation in Operations())
        {
            if (paths[operation.Path] is not JsonObject path)
            {
                paths[operation.Path] = path = [];
            }

            path[operation.Method] = operation.ToJson();
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "ActorCluster",
                ["version"] = "1",
                ["description"] =
                    "Runs of facial-expression recognition over many videos: submit, watch, steer, and fetch predictions, at any node of a cluster. Names are in snake_case. Each part of a path is percent-encoded by itself, "
                    + "a slash in a video's id as %2F. What goes wrong is told as problem details (RFC 9457): 4xx where the request is at fault, 503 where the environment is. Readers must pass over members that they do not know.",
            },
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = new JsonObject { ["problem"] = ApiSchema.Parse(
                    """{"type":"object","required":["title","status","detail"],"properties":{"title":{"type":"string"},"status":{"type":"integer"},"detail":{"type":"string","description":"What is wrong and what to do."},"nearest":{"type":"array","items":{"type":"string"},"description":"Names that were perhaps meant."}}}""") },
                ["securitySchemes"] = new JsonObject
                {
                    ["token"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["description"] = "operator.token of the node's settings. Without one the node listens on loopback only, and asks for none." },
                    ["session"] = new JsonObject
                    {
                        ["type"] = "apiKey", ["in"] = "cookie", ["name"] = SessionCookie.Name, ["description"] = "For browsers: given for the token by POST /v1/session. What is not GET or HEAD then needs the header Origin.",
                    },
                },
            },
            ["security"] = new JsonArray(new JsonObject { ["token"] = new JsonArray() }, new JsonObject { ["session"] = new JsonArray() }, new JsonObject()),
        };
    }

    private static IEnumerable<ApiOperation> Operations() => [.. Runs(), .. Videos(), .. Cluster(), .. Results()];

    private static IEnumerable<ApiOperation> Runs() =>
    [
        new ApiOperation("get", "/v1/runs", "The runs, the newest first.").Answers(200, Json, ApiSchema.Object(("runs", ApiSchema.ArrayOf(ApiSchema.Of<RunListing>(OperatorJson.Options))))),
        new ApiOperation("post", "/v1/runs", "Submits a run; one that is there is extended by what its inputs have more, or goes on.")
            .Takes(Json, ApiSchema.Parse(
                """{"type":"object","required":["inputs"],"additionalProperties":false,"properties":{"inputs":{"type":"array","minItems":1,"items":{"type":"string","description":"Full path of a video, folder or manifest, as the nodes see it."}},"pipeline":{"type":"string","default":"lite","description":"A shipped pipeline's name, or the full path of a pipeline file."},"run":{"type":["string","null"],"maxLength":100},"format":{"enum":["csv","parquet","both"],"default":"csv"}}}"""))
            .Answers(202, Json, ApiSchema.Of<RunFrozen>(OperatorJson.Options)).Fails(400, 415),
        new ApiOperation("get", "/v1/runs/{run}", "How far a run is. Moments are UTC ticks of 100 ns since year 1.").Answers(200, Json, ApiSchema.Of<RunQueries.RunProgress>(OperatorJson.Options)).Fails(404),
        new ApiOperation("get", "/v1/runs/{run}/result", "The summary of a run that has ended; of its videos only the first quarantined ones.").Answers(200, Json, ApiSchema.Of<RunResult>(OperatorJson.Options)).Fails(404, 409),
        new ApiOperation("post", "/v1/runs/{run}/resume", "Goes on with a run that is paused.").Answers(202, Json, ApiSchema.Parse("""{"type":"object","properties":{"run":{"type":"string"}}}""")).Fails(404, 409),
        new ApiOperation("get", "/v1/runs/{run}/pace", "How fast a run has been lately, and what is left of it.").Answers(200, Json, ApiSchema.Of<RunPace>()).Fails(404),
        new ApiOperation("get", "/v1/runs/{run}/explanation", "What a run is doing, what binds it, how long it takes, which videos are slow, and what to change.").Answers(200, Json, ApiSchema.Of<ExplanationAnswer>()).Fails(404),
        new ApiOperation("get", "/v1/runs/{run}/totals", "What the videos that have ended come to together: frames by label, and why videos were quarantined.").Answers(200, Json, ApiSchema.Of<TotalsAnswer>()).Fails(404),
        new ApiOperation("get", "/v1/runs/{run}/report", "The report for people, once it is written.").Answers(200, "text/html", ApiSchema.Text()).Fails(404),
        new ApiOperation("head", "/v1/runs/{run}/report", "Whether there is a report.").Answers(200).Fails(404),
        new ApiOperation("get", "/v1/runs/{run}/events", "How a run stands, as it changes, and what happens to it and its videos from now on. Events: 'progress' {at, progress, pace}, 'explanation' {at, lines}, 'happened' {at, what, video}, 'trouble' {at, detail} while the run does not answer.")
            .Answers(200, Stream, ApiSchema.Text()).Fails(404, 503),
    ];

    private static IEnumerable<ApiOperation> Videos() =>
    [
        new ApiOperation("get", "/v1/runs/{run}/videos", "Some of a run's videos.")
            .Asks("state", "Only those in this state.", ApiSchema.Of<RunVideoState>())
            .Asks("text", "Only those whose id has this text, and quarantined ones whose cause or stage has it, whatever its case.", ApiSchema.Text())
            .Asks("sort", "What to order by.", ApiSchema.Of<VideoSort>())
            .Asks("order", "Which way.", ApiSchema.Parse("""{"enum":["asc","desc"],"default":"asc"}"""))
            .Asks("skip", "How many to leave out.", ApiSchema.Parse("""{"type":"integer","minimum":0,"default":0}"""))
            .Asks("take", "How many to list.", ApiSchema.Parse("""{"type":"integer","minimum":0,"maximum":500,"default":50}"""))
            .Answers(200, Json, ApiSchema.Of<VideoPage>()).Fails(400, 404),
        new ApiOperation("get", "/v1/runs/{run}/videos/{video}", "What has happened to a video.").Answers(200, Json, ApiSchema.Of<VideoDetail>()).Fails(404),
        new ApiOperation("get", "/v1/runs/{run}/videos/{video}/timeline", "A video's predictions drawn small.").Answers(200, Json, ApiSchema.Of<TimelineAnswer>()).Fails(404, 503),
        new ApiOperation("get", "/v1/runs/{run}/videos/{video}/boxes", "Where the chosen face was: presentation time in seconds, x, y, width and height for each frame with a face, or every so manieth of them.").Answers(200, Json, ApiSchema.Of<FaceTrack>()).Fails(404),
        Predictions(new ApiOperation("get", "/v1/runs/{run}/videos/{video}/predictions", "A video's predictions, frame by frame.").Answers(200, Json, PredictionSchema())
            .Answers(200, "text/csv", ApiSchema.Text()).Answers(200, "application/vnd.apache.parquet", ApiSchema.Bytes())),
        Predictions(new ApiOperation("head", "/v1/runs/{run}/videos/{video}/predictions", "Whether there are predictions.").Answers(200)),
        new ApiOperation("get", "/v1/runs/{run}/videos/{video}/media", "The video's file, or a range of it, as it was registered.").Answers(200, "video/*", ApiSchema.Bytes()).Answers(206, "video/*", ApiSchema.Bytes()).Answers(304).Answers(416).Fails(404),
        new ApiOperation("head", "/v1/runs/{run}/videos/{video}/media", "Whether the video's file is there, and how large it is.").Answers(200).Fails(404),
    ];

    private static IEnumerable<ApiOperation> Cluster() =>
    [
        new ApiOperation("get", "/v1/nodes", "The members of the cluster with what they tell of themselves.").Answers(200, Json, ApiSchema.Of<NodeList>()),
        new ApiOperation("get", "/v1/events", "All runs and nodes at a glance, as they change. Events: 'overview' {at, runs, nodes}, 'trouble' {at, detail} while they do not answer.").Answers(200, Stream, ApiSchema.Of<Overview>()).Fails(503),
        new ApiOperation("get", "/v1/palettes", "The commands that there are.").Answers(200, Json, ApiSchema.Parse("""{"type":"object","properties":{"palettes":{"type":"array","items":{"type":"object"}}}}""")),
        new ApiOperation("post", "/v1/commands", "Gives a command: what the palettes of 'actorcluster pbm' can. The answer is a JSON object a line: line, status, row or item, and last exit_code, with error where it failed.")
            .Takes(Json, ApiSchema.Parse(
                """{"type":"object","required":["palette","command"],"additionalProperties":false,"properties":{"palette":{"type":"string"},"command":{"type":"string"},"arguments":{"type":"array","items":{"type":"array","minItems":1,"maxItems":2,"items":{"type":"string"}},"description":"Each a name, and its value unless it is a flag."},"who":{"type":["string","null"]}}}"""))
            .Answers(200, CommandRecord.ContentType, ApiSchema.Text()).Fails(400, 409, 415),
        new ApiOperation("post", "/v1/session", "Exchanges the token for a cookie that is good for 12 hours on every node with the same token.")
            .Takes(Json, ApiSchema.Of<SessionRequest>()).Answers(204).Fails(400, 401, 415, 429),
        new ApiOperation("delete", "/v1/session", "Has the browser forget the cookie.").Answers(204),
        new ApiOperation("get", "/v1/openapi.json", "This document.").Answers(200, Json, ApiSchema.Parse("""{"type":"object"}""")),
    ];

    private static IEnumerable<ApiOperation> Results() =>
    [
        new ApiOperation("post", "/v1/predict", "Has one video predicted, and forgets it. The body is the video, or a form with one file.")
            .Asks("pipeline", "A shipped pipeline's name.", ApiSchema.Parse("""{"type":"string","default":"lite"}"""))
            .Asks("format", "How the predictions are sent.", ApiSchema.Of<PredictionFormat>())
            .Takes("video/*", ApiSchema.Bytes()).Takes("application/octet-stream", ApiSchema.Bytes()).Takes("multipart/form-data", ApiSchema.Parse("""{"type":"object","properties":{"video":{"type":"string","format":"binary"}}}"""))
            .Answers(200, Json, PredictionSchema()).Answers(200, "text/csv", ApiSchema.Text()).Answers(200, "application/vnd.apache.parquet", ApiSchema.Bytes())
            .Fails(400, 408, 413, 415, 422, 429, 503, 504),
        new ApiOperation("get", "/v1/compare", "Where two runs differ on the videos that both have completed. A request works for at most about two seconds, and the next one goes on: compared grows to common.")
            .Asks("a", "One run.", ApiSchema.Text(), isRequired: true).Asks("b", "The other.", ApiSchema.Text(), isRequired: true)
            .Asks("skip", "How many videos to leave out.", ApiSchema.Parse("""{"type":"integer","minimum":0}""")).Asks("take", "How many videos to list.", ApiSchema.Parse("""{"type":"integer","minimum":0}"""))
            .Answers(200, Json, ApiSchema.Of<CompareAnswer>())
            .Fails(400, 404, 503),
    ];

    private static ApiOperation Predictions(ApiOperation operation) => operation.Asks("format", "How they are sent; without it the header Accept decides.", ApiSchema.Of<PredictionFormat>()).Fails(400, 404, 503);

    private static JsonNode PredictionSchema() => ApiSchema.Parse(
        """{"type":"object","properties":{"run":{"type":"string"},"video":{"type":"string"},"classes":{"type":"array","items":{"type":"string"}},"frames":{"type":"integer"},"rows":{"type":"array","items":{"type":"object","properties":{"frame":{"type":"integer"},"pts_seconds":{"type":"number"},"label":{"type":"string"},"p":{"type":"array","items":{"type":"number"},"minItems":8,"maxItems":8},"face_present":{"type":"boolean"},"audio_present":{"type":"boolean"},"imputed":{"type":"boolean"},"decoded":{"type":"boolean"}}}}}}""");
}
