using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorCluster.Core.Faults;
using ActorCluster.Operator.Palettes;
using ActorCluster.Processing.Runs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Serilog;

namespace ActorCluster.Operator;

/// <summary><c>GET /v1/palettes</c> and <c>POST /v1/commands</c>: commands over HTTP.</summary>
/// <param name="runner">The commands; null for as long as the node has not joined.</param>
internal sealed class CommandRoutes(Func<CommandRunner?> runner)
{
    private const int RefusedExit = 2;
    private const int FailedExit = 1;

    /// <summary>How often a node that has nothing to say says so.</summary>
    public TimeSpan Heartbeat { get; init; } = CommandRecord.Heartbeat;

    private CommandRunner Runner => runner() ?? throw new EnvironmentFaultException("cluster", "This node has not joined its cluster yet.", "Ask again in a moment.");

    /// <summary>Adds them to a server.</summary>
    public void Map(WebApplication server)
    {
        server.MapGet("/v1/palettes", context => OperatorRoutes.AnswerAsync(context, HttpStatusCode.OK, new PaletteList(Runner.Palettes)));
        server.MapPost("/v1/commands", CommandAsync);
    }

    private async Task CommandAsync(HttpContext context)
    {
        OperatorRoutes.RequireJson(context);
        var (commands, call) = (Runner, await ReadAsync(context));
        if (CommandRunner.Refusal(call) is { } refusal)
        {
            throw new OperatorRoutes.RefusedException("Not confirmed", HttpStatusCode.Conflict, refusal);
        }

        // The headers go at once: the asker then knows that the node is there, however long the command takes.
        context.Response.ContentType = CommandRecord.ContentType;
        OperatorRoutes.AddHeaders(context.Response);
        await context.Response.StartAsync(context.RequestAborted);
        await StreamAsync(context, commands, call);
    }

    private async Task<CommandCall> ReadAsync(HttpContext context)
    {
        ParsedCommand parsed;
        try
        {
            var request = await CommandRequest.ReadAsync(context.Request.Body, context.RequestAborted);
            var who = CommandRunner.Who(request.Who, context.Connection.RemoteIpAddress?.ToString() ?? "unknown");
            parsed = CommandParser.Check(Runner.Palettes, request.Palette, request.Command, [.. request.Values], who);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // The latter: half a surrogate pair in a string.
        {
            throw new OperatorRoutes.RefusedException("Wrong request", HttpStatusCode.BadRequest, $"The body is not the JSON that is needed: {e.Message}");
        }

        return parsed.Call ?? throw new OperatorRoutes.RefusedException("Wrong command", HttpStatusCode.BadRequest, parsed.Explanation);
    }

    private async Task StreamAsync(HttpContext context, CommandRunner commands, CommandCall call)
    {
        var gone = context.RequestAborted;
        JsonObject? end = null;
        try
        {
            await using var answers = commands.RunAsync(call, gone).GetAsyncEnumerator(gone);
            var next = answers.MoveNextAsync().AsTask();
            while (await NextAsync(context, next, gone))
            {
                var answer = answers.Current;
                await WriteAsync(context, CommandRecord.Write(answer).ToJsonString(OperatorJson.Options));
                if (answer is CommandAnswer.Exit)
                {
                    return;
                }

                next = answers.MoveNextAsync().AsTask();
            }
        }
        catch (OperationCanceledException e) when (gone.IsCancellationRequested || e.CancellationToken == gone)
        {
            return; // Nobody is left who could be told.
        }
        catch (Exception e)
        {
            end = FailureOf(e, call);
        }

        await WriteAsync(context, (end ?? CommandRecord.Write(new CommandAnswer.Exit(0))).ToJsonString(OperatorJson.Options));
    }

    /// <summary>Waits for an answer's next piece, and keeps the connection alive meanwhile.</summary>
    private async Task<bool> NextAsync(HttpContext context, Task<bool> next, CancellationToken gone)
    {
        try
        {
            while (!next.IsCompleted && await Task.WhenAny(next, Task.Delay(Heartbeat, gone)) != next)
            {
                await WriteAsync(context, "");
            }
        }
        catch (OperationCanceledException)
        {
            // The client has gone; the command has been told so and ends, and must not be let go of before.
        }

        return await next;
    }

    private static JsonObject FailureOf(Exception failure, CommandCall call)
    {
        switch (failure)
        {
            case CommandRefusedException e:
                return CommandRecord.Failure(e.Message, e.Nearest, RefusedExit);
            case RunRequestException e:
                return CommandRecord.Failure(e.Message, [], RefusedExit);
            case EnvironmentFaultException e:
                return CommandRecord.Failure(e.Message, [], FailedExit);
            default:
                Log.Logger.Error(failure, "operator: {Palette} {Command} failed in an unforeseen way", call.Palette, call.Command.Name);
                return CommandRecord.Failure("This should not happen. The node's log says more; please report it.", [], FailedExit);
        }
    }

    private static async Task WriteAsync(HttpContext context, string line)
    {
        try
        {
            await context.Response.WriteAsync(line + "\n", context.RequestAborted).WaitAsync(OperatorLimits.ReadsWithin, context.RequestAborted);
        }
        catch (TimeoutException)
        {
            context.Abort(); // Of what the server itself allows, every byte that the network has taken gives more time, read or not.
            throw new OperationCanceledException("The client reads nothing.", context.RequestAborted);
        }
    }
}
