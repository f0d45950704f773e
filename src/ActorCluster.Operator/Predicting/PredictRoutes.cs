using System.Net;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Formats;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Runs;
using ActorCluster.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Serilog;

namespace ActorCluster.Operator.Predicting;

/// <summary>
/// <c>POST /v1/predict</c>: one uploaded video through a pipeline. It is a small run of its own that no list shows; upload and run are removed with the answer,
/// whatever that is.
/// </summary>
/// <param name="settings">What it may cost.</param>
/// <param name="data">The data folder.</param>
/// <param name="service">The node.</param>
internal sealed class PredictRoutes(PredictSettings settings, DataDirectory data, Func<IRunService> service)
{
    private const string RetryAfterSeconds = "2";
    private static readonly TimeSpan DiscardWithin = TimeSpan.FromSeconds(60);
    private readonly PredictionPlaces _places = new(settings.MostAtOnce);
    private readonly UploadReceiver _uploads = new(data, settings.LargestUpload);

    /// <summary>Adds it to a server.</summary>
    public void Map(WebApplication server) => server.MapPost("/v1/predict", PredictAsync);

    private async Task PredictAsync(HttpContext context)
    {
        // The bytes are counted here as they are written. What is refused is not written, and whoever sends on regardless is cut off by the server in a few seconds.
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        var node = service();
        var request = PredictRequest.Read(context.Request);
        _uploads.RequireRoom(context.Request, request.Boundary is not null);
        if (!_places.TryTake())
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
            throw new OperatorRoutes.RefusedException(
                "Too many predictions", HttpStatusCode.TooManyRequests, $"{settings.MostAtOnce} predictions are in flight, as many as this node takes (predict.at_once). Ask again in a moment, or ask another node.");
        }

        await PredictAsync(context, node, request, PredictionRun.NewName(DateTimeOffset.UtcNow + settings.Within));
    }

    /// <summary>Predicts in a place that is taken, and gives it back once the upload is gone.</summary>
    private async Task PredictAsync(HttpContext context, IRunService node, PredictRequest request, string run)
    {
        var (isBegun, hasEnded) = (false, false);
        using var limit = new CancellationTokenSource(settings.Within);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.RequestAborted);
        try
        {
            var (path, name) = await _uploads.ReceiveAsync(context.Request, request.Boundary, run, stop.Token);
            isBegun = true;
            var end = await node.PredictAsync(
                new RunRequest([path], request.Pipeline, run, Csv: request.Format != PredictionFormat.Parquet, Parquet: request.Format == PredictionFormat.Parquet), stop.Token);
            hasEnded = true;
            UploadedFile.Delete(data, run); // An answer may take its time.
            await AnswerAsync(context, request.Format, run, name, end);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !hasEnded && !context.RequestAborted.IsCancellationRequested)
        {
            throw isBegun
                ? new OperatorRoutes.RefusedException(
                    "Too slow", HttpStatusCode.GatewayTimeout, $"The prediction was not there within {settings.Within.TotalSeconds:0} s (predict.limit_seconds), and was given up. Send a shorter video, or submit a run: POST /v1/runs.")
                : new OperatorRoutes.RefusedException("Too slow", HttpStatusCode.RequestTimeout, $"The upload has taken more than {settings.Within.TotalSeconds:0} s (predict.limit_seconds).");
        }
        finally
        {
            if (isBegun && !hasEnded)
            {
                _ = GiveUpAsync(node, run); // Whoever waits for the answer need not wait for this; others wait for the place.
            }
            else
            {
                UploadedFile.Delete(data, run);
                if (isBegun)
                {
                    _ = DiscardAsync(node, run);
                }

                _places.Return();
            }
        }
    }

    private async Task AnswerAsync(HttpContext context, PredictionFormat format, string run, string name, PredictionEnd end)
    {
        if (!end.IsCompleted)
        {
            var detail = $"{end.Stage}: {end.Cause}";
            const HttpStatusCode Status = HttpStatusCode.UnprocessableEntity;
            const string Title = "The video cannot be processed";
            throw new OperatorRoutes.RefusedException(Title, Status, detail) { Problem = new OperatorProblem(Title, (int)Status, detail) { Stage = end.Stage, Cause = end.Cause } };
        }

        using var slow = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        slow.CancelAfter(settings.Within);
        var folder = data.Run(run);
        await using var file = PredictAnswer.Open(format == PredictionFormat.Parquet ? folder.PredictionParquet(end.Video) : folder.PredictionCsv(end.Video));
        await (format switch
        {
            PredictionFormat.Csv => PredictAnswer.SendFileAsync(context, file, PredictionAnswer.Csv, "predictions.csv", slow.Token),
            PredictionFormat.Parquet => PredictAnswer.SendFileAsync(context, file, PredictionAnswer.Parquet, "predictions.parquet", slow.Token),
            _ => PredictAnswer.SendJsonAsync(context, name, PredictAnswer.Read(file), slow.Token),
        });
    }

    private async Task GiveUpAsync(IRunService node, string run)
    {
        await DiscardAsync(node, run);
        UploadedFile.Delete(data, run);
        _places.Return();
    }

    /// <summary>Removes a run. What cannot be removed now is removed later, by whichever node sweeps the folder.</summary>
    private async Task DiscardAsync(IRunService node, string run)
    {
        _places.Leaving(1);
        try
        {
            using var within = new CancellationTokenSource(DiscardWithin);
            await node.DiscardAsync(run, within.Token);
        }
        catch (Exception e)
        {
            Log.Logger.Warning("operator: what is left of prediction {Run} is removed later: {Cause}", run, e.Message);
        }
        finally
        {
            _places.Leaving(-1);
        }
    }
}
