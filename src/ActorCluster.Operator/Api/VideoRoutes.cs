using System.Net;
using ActorCluster.Processing.Reporting;
using ActorCluster.Processing.Runs;
using ActorCluster.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ActorCluster.Operator;

/// <summary>What can be asked about one video of a run.</summary>
/// <param name="asked">The run and the video that a request names.</param>
/// <param name="data">The data folder.</param>
internal sealed class VideoRoutes(AskedRun asked, DataDirectory data)
{
    private readonly PredictionAnswer _predictions = new(data);

    /// <summary>Adds them to a server.</summary>
    public void Map(WebApplication server)
    {
        server.MapGet("/v1/runs/{run}/videos/{video}", ShowAsync);
        server.MapGet("/v1/runs/{run}/videos/{video}/timeline", TimelineAsync);
        server.MapGet("/v1/runs/{run}/videos/{video}/boxes", BoxesAsync);
        server.MapMethods("/v1/runs/{run}/videos/{video}/predictions", ReadApi.Reads, PredictionsAsync);
        server.MapMethods("/v1/runs/{run}/videos/{video}/media", ReadApi.Reads, MediaAsync);
    }

    private async Task ShowAsync(HttpContext context)
    {
        var (run, video) = (await asked.NameAsync(context), AskedRun.VideoOf(context));
        await ReadApi.AnswerAsync(context, await AskedRun.AskAsync(() => asked.Service.VideoAsync(run, video)));
    }

    private async Task TimelineAsync(HttpContext context)
    {
        var (run, video) = await CompletedAsync(context);
        await _predictions.UseAsync(context, run, video, predictions => ReadApi.AnswerAsync(context, TimelineAnswer.Of(predictions)));
    }

    private async Task BoxesAsync(HttpContext context)
    {
        var run = await asked.NameAsync(context);
        var video = (await RegisteredAsync(context, run)).Row.Id;
        var (track, why) = await Task.Run(() => FaceTrack.Read(data, run, video, context.RequestAborted), context.RequestAborted);
        await ReadApi.AnswerAsync(context, track ?? throw new OperatorRoutes.RefusedException("Not found", HttpStatusCode.NotFound, why));
    }

    private async Task PredictionsAsync(HttpContext context)
    {
        var format = PredictionAnswer.FormatOf(context.Request);
        var (run, video) = await CompletedAsync(context);
        context.Response.Headers.Vary = "Accept";
        await (format == PredictionFormat.Json ? _predictions.SendJsonAsync(context, run, video) : _predictions.SendAsync(context, run, video, format));
    }

    private async Task MediaAsync(HttpContext context)
    {
        var video = await RegisteredAsync(context, await asked.NameAsync(context));
        var file = await Task.Run(() => MediaFile.Open(video), context.RequestAborted);
        try
        {
            var type = await MediaFile.TypeOfAsync(file, context.RequestAborted);
            context.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'; media-src 'self'; frame-ancestors 'none'";
            await FileAnswer.SendAsync(context, file, type, name: null);
        }
        finally
        {
            await file.DisposeAsync();
        }
    }

    private async Task<RegisteredVideo> RegisteredAsync(HttpContext context, string run)
    {
        var video = AskedRun.VideoOf(context);
        return await AskedRun.AskAsync(() => asked.Service.RegisteredAsync(run, video));
    }

    /// <summary>The run and a video of it that has predictions.</summary>
    private async Task<(string Run, string Video)> CompletedAsync(HttpContext context)
    {
        var run = await asked.NameAsync(context);
        var row = (await RegisteredAsync(context, run)).Row;
        return row.State == RunVideoState.Completed ? (run, row.Id) : throw new OperatorRoutes.RefusedException(
            "No predictions yet",
            HttpStatusCode.NotFound,
            row.State == RunVideoState.Quarantined ? $"Video '{row.Id}' has no predictions: it is quarantined, {row.Stage}: {row.Cause}" : $"Video '{row.Id}' has no predictions: it is {row.State.ToString().ToLowerInvariant()}.");
    }
}
