using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ActorCluster.Operator;

/// <summary><c>GET /v1/events</c> and <c>GET /v1/runs/{run}/events</c>: what happens, as it happens.</summary>
/// <param name="asked">The run that a request names.</param>
/// <param name="stopping">The server stops.</param>
internal sealed class EventRoutes(AskedRun asked, CancellationToken stopping)
{
    private const string Overview = "";
    private const int RetryAfterSeconds = 10;
    private readonly EventHub _hub = new();

    /// <summary>Adds them to a server.</summary>
    public void Map(WebApplication server)
    {
        server.MapGet("/v1/events", context => FollowAsync(context, Overview, () => new OverviewSource(() => asked.Service)));
        server.MapGet("/v1/runs/{run}/events", async context =>
        {
            var run = (await asked.FindAsync(context)).Run;
            await FollowAsync(context, run, () => new RunSource(() => asked.Service, run));
        });
    }

    private async Task FollowAsync(HttpContext context, string topic, Func<IEventSource> begin)
    {
        _ = asked.Service; // Whoever asks a node that has not joined is told so, and not kept waiting.
        if (_hub.Follow(topic, begin) is not { } reader)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
            throw new OperatorRoutes.RefusedException("Busy", HttpStatusCode.ServiceUnavailable, $"{OperatorLimits.MostFollowers} follow this node already. Follow another one, or ask again later.");
        }

        try
        {
            await SendAsync(context, reader);
        }
        finally
        {
            _hub.Leave(topic, reader);
        }
    }

    private async Task SendAsync(HttpContext context, EventReader reader)
    {
        context.Response.ContentType = "text/event-stream";
        OperatorRoutes.AddHeaders(context.Response);
        context.Response.Headers["X-Accel-Buffering"] = "no"; // A proxy that collects an answer before it passes it on would pass nothing on.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        end.CancelAfter(OperatorLimits.LongestFollowing); // Whoever follows comes again by itself, and brings what lets it in.
        try
        {
            await foreach (var bytes in reader.ReadAsync(end.Token))
            {
                await SlowReader.WriteAsync(context, bytes).WaitAsync(end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // It has gone, or the server stops.
        }
        catch (TimeoutException)
        {
            context.Abort();
        }
    }
}
