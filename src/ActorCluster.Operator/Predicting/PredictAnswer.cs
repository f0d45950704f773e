using System.Buffers;
using ActorCluster.Core;
using ActorCluster.Core.Faults;
using ActorCluster.Storage;
using Microsoft.AspNetCore.Http;

namespace ActorCluster.Operator.Predicting;

/// <summary>Sends a video's predictions. The end of an answer is told by its transfer coding, not by a length: whoever has it all knows that his place is free.</summary>
internal static class PredictAnswer
{
    private const int BufferBytes = 32 * 1024;

    /// <summary>Sends the bytes of a prediction file.</summary>
    /// <param name="context">The request.</param>
    /// <param name="file">The file.</param>
    /// <param name="contentType">What it is.</param>
    /// <param name="fileName">What a browser is to call it: ASCII without quotes.</param>
    /// <param name="cancellation">The client has gone, or takes too long.</param>
    public static async Task SendFileAsync(HttpContext context, Stream file, string contentType, string fileName, CancellationToken cancellation)
    {
        context.Response.ContentType = contentType;
        OperatorRoutes.AddHeaders(context.Response);
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{fileName}\"";
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (await file.ReadAsync(buffer, cancellation) is > 0 and var read)
            {
                await SlowReader.WriteAsync(context, buffer.AsMemory(0, read)).WaitAsync(cancellation);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Sends predictions as JSON.</summary>
    /// <param name="context">The request.</param>
    /// <param name="video">What the video is called.</param>
    /// <param name="predictions">Its predictions.</param>
    /// <param name="cancellation">The client has gone, or takes too long.</param>
    public static Task SendJsonAsync(HttpContext context, string video, FramePredictions predictions, CancellationToken cancellation)
    {
        OperatorRoutes.AddHeaders(context.Response);
        return PredictionJson.WriteAsync(context, run: null, video, predictions, cancellation);
    }

    /// <summary>Opens the file of a video's predictions.</summary>
    /// <exception cref="EnvironmentFaultException">It is not there.</exception>
    public static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, useAsync: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(e);
        }
    }

    /// <summary>Reads predictions.</summary>
    /// <exception cref="EnvironmentFaultException">They cannot be read.</exception>
    public static FramePredictions Read(Stream csv)
    {
        try
        {
            return PredictionCsv.Read(csv);
        }
        catch (Exception e) when (e is IOException or PredictionFormatException)
        {
            throw Unreadable(e);
        }
    }

    private static EnvironmentFaultException Unreadable(Exception e) =>
        new("store", $"The predictions cannot be read: {e.Message.TrimEnd('.')}.", "Check the data folder, and send the video again.", e);
}
