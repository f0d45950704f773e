using System.Net;
using ActorCluster.Core;
using ActorCluster.Core.Faults;
using ActorCluster.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ActorCluster.Operator;

/// <summary>
/// Reads the predictions of one video for whoever asks. They are read as a whole, so that only some requests may do so at a time: a video of hours has tens of megabytes.
/// </summary>
/// <param name="data">The data folder.</param>
internal sealed class PredictionAnswer(DataDirectory data)
{
    /// <summary>The media type of predictions as CSV.</summary>
    public const string Csv = "text/csv; charset=utf-8";

    /// <summary>The media type of predictions as Parquet.</summary>
    public const string Parquet = "application/vnd.apache.parquet";

    private const int AtATime = 4;
    private const int RetryAfterSeconds = 2;
    private static readonly TimeSpan TurnWithin = TimeSpan.FromSeconds(10);
    private static readonly SemaphoreSlim Turns = new(AtATime); // Of the process, whose memory it is about.

    /// <summary>The format that a request wants: the one it names, else the first that it accepts, else JSON.</summary>
    public static PredictionFormat FormatOf(HttpRequest request) => new ApiQuery(request, "format").Choice<PredictionFormat>("format")
        ?? request.GetTypedHeaders().Accept.OrderByDescending(a => a.Quality ?? 1).Select(a => a.MediaType.Value switch
        {
            "text/csv" => PredictionFormat.Csv,
            Parquet => PredictionFormat.Parquet,
            "application/json" or "application/*" or "*/*" => PredictionFormat.Json,
            _ => (PredictionFormat?)null,
        }).FirstOrDefault(f => f is not null)
        ?? PredictionFormat.Json;

    /// <summary>Has something done with all predictions of a video.</summary>
    /// <param name="context">The request.</param>
    /// <param name="run">The run.</param>
    /// <param name="video">The video's id.</param>
    /// <param name="use">What to do with them.</param>
    /// <exception cref="OperatorRoutes.RefusedException">They are not there, or too many ask at once.</exception>
    /// <exception cref="EnvironmentFaultException">They cannot be read.</exception>
    public async Task UseAsync(HttpContext context, string run, string video, Func<FramePredictions, Task> use)
    {
        await TakeTurnAsync(context);
        try
        {
            await use(await Task.Run(() => Read(run, video), context.RequestAborted));
        }
        finally
        {
            Turns.Release();
        }
    }

    /// <summary>Sends them as a file: the one that the run wrote, or one made from the other.</summary>
    /// <param name="context">The request.</param>
    /// <param name="run">The run.</param>
    /// <param name="video">The video's id.</param>
    /// <param name="format">CSV or Parquet.</param>
    /// <inheritdoc cref="UseAsync" path="/exception"/>
    public async Task SendAsync(HttpContext context, string run, string video, PredictionFormat format)
    {
        data.RequirePresent();
        var folder = data.Run(run);
        var (path, type) = format == PredictionFormat.Csv ? (folder.PredictionCsv(video), Csv) : (folder.PredictionParquet(video), Parquet);
        var name = Path.GetFileName(path);
        if (File.Exists(path))
        {
            await FileAnswer.SendAsync(context, path, type, name, Missing(run, video));
            return;
        }

        FileStream? made = null;
        await UseAsync(context, run, video, async predictions => made = await MakeAsync(predictions, format, context.RequestAborted));
        OperatorRoutes.AddHeaders(context.Response);
        await TypedResults.Stream(made!, type, name).ExecuteAsync(context);
    }

    /// <summary>Sends them as JSON.</summary>
    /// <inheritdoc cref="UseAsync" path="/exception"/>
    public async Task SendJsonAsync(HttpContext context, string run, string video)
    {
        await UseAsync(context, run, video, async predictions =>
        {
            OperatorRoutes.AddHeaders(context.Response);
            var disposition = new ContentDispositionHeaderValue("attachment");
            disposition.SetHttpFileName(OutputNames.FileStem(video) + ".json");
            context.Response.Headers.ContentDisposition = disposition.ToString();
            if (HttpMethods.IsHead(context.Request.Method))
            {
                context.Response.ContentType = PredictionJson.ContentType;
                return;
            }

            await PredictionJson.WriteAsync(context, run, video, predictions, context.RequestAborted);
        });
    }

    /// <summary>Waits until few enough others do the like.</summary>
    private static async Task TakeTurnAsync(HttpContext context)
    {
        if (!await Turns.WaitAsync(TurnWithin, context.RequestAborted))
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(null, null);
            throw new OperatorRoutes.RefusedException("Busy", HttpStatusCode.ServiceUnavailable, "Too many ask for whole predictions at once. Ask again in a moment.");
        }
    }

    private FramePredictions Read(string run, string video)
    {
        data.RequirePresent();
        try
        {
            return RunPredictions.Read(data.Run(run), video) is { Count: > 0 } predictions
                ? predictions
                : throw new OperatorRoutes.RefusedException("Not found", HttpStatusCode.NotFound, Missing(run, video));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PredictionFormatException)
        {
            throw new EnvironmentFaultException("store", $"The predictions of video '{video}' of run '{run}' cannot be read: {e.Message.TrimEnd('.')}.", "Restore the file.", e);
        }
    }

    /// <summary>A file that is gone once it is closed.</summary>
    private static async Task<FileStream> MakeAsync(FramePredictions predictions, PredictionFormat format, CancellationToken cancellation)
    {
        var file = new FileStream(
            Path.Combine(Path.GetTempPath(), $"actorcluster-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        try
        {
            if (format == PredictionFormat.Csv)
            {
                await Task.Run(() => PredictionCsv.Write(file, predictions), cancellation);
            }
            else
            {
                await PredictionParquet.WriteAsync(file, predictions, cancellation);
            }

            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    private static string Missing(string run, string video) => $"The predictions of video '{video}' of run '{run}' are not there.";
}
