using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Json;
using ActorCluster.Core.Faults;
using ActorCluster.Operator.Comparing;
using ActorCluster.Operator.Dashboard;
using ActorCluster.Operator.Palettes;
using ActorCluster.Operator.Predicting;
using ActorCluster.Operator.Telemetry;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Runs;
using ActorCluster.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Serilog;

namespace ActorCluster.Operator;

/// <summary>What the endpoint answers to what.</summary>
internal sealed class OperatorRoutes(OperatorSettings settings, DataDirectory data, Func<IRunService?> service, Func<CommandRunner?> commands)
{
    private readonly OperatorGate _gate = new(settings);
    private readonly AttemptLimit _attempts = new();
    private readonly AskedRun _asked = new(() => Joined(service));

    private IRunService Service => _asked.Service;

    /// <summary>Adds them to a server.</summary>
    public void Map(WebApplication server, NodeTelemetry? telemetry)
    {
        server.Use(GuardAsync);
        server.UseRouting();
        server.MapMethods("/healthz", ReadApi.Reads, context => AnswerAsync(context, HttpStatusCode.OK, new { Alive = true }));
        server.MapMethods("/readyz", ReadApi.Reads, ReadyAsync);
        if (telemetry is not null)
        {
            server.MapPrometheusScrapingEndpoint("/metrics", telemetry.Metrics, configureBranchedPipeline: null, optionsName: null);
        }

        server.MapPost("/v1/runs", SubmitAsync);
        server.MapGet("/v1/runs", async context => await AnswerAsync(context, HttpStatusCode.OK, new { Runs = await Service.RunsAsync() }));
        server.MapGet("/v1/runs/{run}", async context => await AnswerAsync(context, HttpStatusCode.OK, await _asked.FindAsync(context)));
        server.MapGet("/v1/runs/{run}/result", ResultAsync);
        server.MapPost("/v1/runs/{run}/resume", ResumeAsync);
        new CommandRoutes(commands).Map(server);
        new SessionRoutes(_gate).Map(server);
        new ReadApi(_asked, data).Map(server);
        new PredictRoutes(settings.Predict, data, () => Service).Map(server);
        new CompareRoutes(_asked, data).Map(server);
        DashboardRoutes.Map(server);
        server.MapFallback(context => throw new RefusedException("Not found", HttpStatusCode.NotFound, $"There is no {context.Request.Method} of this path."));
    }

    /// <summary>Lets nobody in whom the gate refuses, and turns every failure into problem details.</summary>
    private async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        var isOpen = OperatorGate.IsProbe(context.Request) || OperatorGate.IsPage(context.Request);
        var problem = isOpen || _attempts.MayTry(context.Connection.RemoteIpAddress) ? _gate.Refuse(context.Request) : AttemptLimit.Problem;
        var isIn = false;
        if (problem is null)
        {
            isIn = true;
            try
            {
                await next(context);
                return;
            }
            catch (Exception e) when (!context.Response.HasStarted)
            {
                problem = ProblemOf(e, context);
            }
        }

        if (problem.Status == (int)HttpStatusCode.Unauthorized)
        {
            context.Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
            if (isIn || _gate.IsAttempt(context.Request)) // What is further in refuses nothing but a wrong token.
            {
                _attempts.Failed(context.Connection.RemoteIpAddress);
            }
        }
        else if (problem.Status == (int)HttpStatusCode.TooManyRequests && context.Response.Headers.RetryAfter.Count == 0)
        {
            context.Response.Headers.RetryAfter = AttemptLimit.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        }

        await AnswerAsync(context, (HttpStatusCode)problem.Status, problem, OperatorProblem.ContentType);
    }

    private static IRunService Joined(Func<IRunService?> service) =>
        service() ?? throw new EnvironmentFaultException("cluster", "This node has not joined its cluster yet.", "Ask again in a moment.");

    private static OperatorProblem ProblemOf(Exception failure, HttpContext context)
    {
        switch (failure)
        {
            case RefusedException e:
                return e.Problem;
            case RunRequestException e: // Pipeline or inputs, as the node that reads them sees them.
                return new OperatorProblem("Wrong request", (int)HttpStatusCode.BadRequest, e.Message);
            case EnvironmentFaultException e:
                return new OperatorProblem("The environment failed", (int)HttpStatusCode.ServiceUnavailable, e.Message);
            case BadHttpRequestException e: // Kestrel's own limits: too large, too slow.
                return new OperatorProblem("Bad request", e.StatusCode, e.Message);
            case OperationCanceledException when context.RequestAborted.IsCancellationRequested:
                return new OperatorProblem("Gone", 499, "The client has gone.");
            default:
                Log.Logger.Error(failure, "operator: {Method} {Path} failed in an unforeseen way", context.Request.Method, context.Request.Path.Value);
                return new OperatorProblem("Unforeseen failure", (int)HttpStatusCode.InternalServerError, "This should not happen. The node's log says more; please report it.");
        }
    }

    private async Task ReadyAsync(HttpContext context)
    {
        var node = service();
        var reasons = new List<string>();
        if (node is not { State.IsUp: true })
        {
            reasons.Add("The node is not up in its cluster.");
        }

        if (node is { State.StoreReachable: false })
        {
            reasons.Add($"The data folder '{data.Root}' is not there.");
        }

        reasons.AddRange(node?.State.Problems ?? []);
        var ready = reasons.Count == 0;
        var status = ready ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable;
        await (_gate.Knows(context.Request)
            ? AnswerAsync(context, status, new { Ready = ready, Reasons = reasons, Node = node?.State })
            : AnswerAsync(context, status, new { Ready = ready }));
    }

    private async Task SubmitAsync(HttpContext context)
    {
        var frozen = await Service.SubmitAsync(await ReadRequestAsync(context));
        context.Response.Headers.Location = $"/v1/runs/{frozen.Run}";
        await AnswerAsync(context, HttpStatusCode.Accepted, frozen);
    }

    private static async Task<RunRequest> ReadRequestAsync(HttpContext context)
    {
        RequireJson(context);
        var problems = new List<string>();
        try
        {
            using var body = await JsonDocument.ParseAsync(
                context.Request.Body, new JsonDocumentOptions { MaxDepth = 4, AllowDuplicateProperties = false }, context.RequestAborted);
            if (RunRequestJson.Read(body.RootElement, problems) is { } request)
            {
                return request;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // The latter: half a surrogate pair in a string.
        {
            problems.Add($"The body is not the JSON that is needed: {e.Message}");
        }

        throw new RefusedException("Wrong request", HttpStatusCode.BadRequest, string.Join('\n', problems));
    }

    private async Task ResultAsync(HttpContext context)
    {
        var progress = await _asked.FindAsync(context);
        if (!progress.IsCompleted || (await Service.RunsAsync()).Any(r => r.Name == progress.Run && !r.Ended))
        {
            throw new RefusedException("No result yet", HttpStatusCode.Conflict, $"The run '{progress.Run}' has not ended.");
        }

        var summary = await RunSummaries.ReadAsync(data, progress.Run);
        await AnswerAsync(context, HttpStatusCode.OK, new RunResult(data.Root, summary with { Videos = [.. summary.Videos.Where(v => v.Fault is not null).Take(RunResult.ListedVideos)] }));
    }

    private async Task ResumeAsync(HttpContext context)
    {
        var progress = await _asked.FindAsync(context);
        if (progress.IsCompleted)
        {
            throw new RefusedException("The run has ended", HttpStatusCode.Conflict, $"Every video of the run '{progress.Run}' has ended. To add what is new, submit it again.");
        }

        if (progress.PausedReason.Length > 0)
        {
            await Service.ResumeAsync(progress.Run);
        }

        await AnswerAsync(context, HttpStatusCode.Accepted, new { progress.Run });
    }

    /// <summary>Refuses a body that does not say that it is JSON: no page of another site can send one that does without being asked for its permission.</summary>
    public static void RequireJson(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
        {
            throw new RefusedException("Not JSON", HttpStatusCode.UnsupportedMediaType, "Send the request as JSON, with the header Content-Type: application/json.");
        }
    }

    /// <summary>What every answer says of itself.</summary>
    public static void AddHeaders(HttpResponse response)
    {
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin"; // Without a token any page in this machine's browser could show what is here.
    }

    /// <summary>Answers with a value.</summary>
    public static Task AnswerAsync<T>(HttpContext context, HttpStatusCode status, T value, string contentType = "application/json", JsonSerializerOptions? options = null)
    {
        context.Response.StatusCode = (int)status;
        AddHeaders(context.Response);
        return context.Response.WriteAsJsonAsync(value, options ?? OperatorJson.Options, contentType, context.RequestAborted);
    }

    /// <summary>A request that is not carried out.</summary>
    public sealed class RefusedException(string title, HttpStatusCode status, string detail, ImmutableArray<string> nearest = default) : Exception(detail)
    {
        public OperatorProblem Problem { get; init; } = new(title, (int)status, detail, nearest);
    }
}
