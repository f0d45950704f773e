using System.Buffers;
using System.Net;
using System.Text.Json;
using ActorCluster.Core;
using ActorCluster.Core.Faults;
using ActorCluster.Storage;
using Microsoft.AspNetCore.Http;

namespace ActorCluster.Operator.Predicting;

/// <summary>Sends a video's predictions. The end of an answer is told by its transfer coding, not by a length: whoever has it all knows that his place is free.</summary>
internal static class PredictAnswer
{
    private const int BufferBytes = 32 * 1024;

    private static readonly (string Name, FrameFlags Flag)[] Flags =
    [
        ("face_present", FrameFlags.FacePresent),
        ("audio_present", FrameFlags.AudioPresent),
        ("imputed", FrameFlags.Imputed),
        ("decoded", FrameFlags.Decoded),
    ];

    /// <summary>Sends the bytes of a prediction file.</summary>
    /// <param name="context">The request.</param>
    /// <param name="file">The file.</param>
    /// <param name="contentType">What it is.</param>
    /// <param name="fileName">What a browser is to call it: ASCII without quotes.</param>
    /// <param name="cancellation">The client has gone, or takes too long.</param>
    public static async Task SendFileAsync(HttpContext context, Stream file, string contentType, string fileName, CancellationToken cancellation)
    {
        Begin(context.Response, contentType);
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{fileName}\"";
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (await file.ReadAsync(buffer, cancellation) is > 0 and var read)
            {
                await SendAsync(context, buffer.AsMemory(0, read), cancellation);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Sends predictions as JSON: <c>{"run": null, "video": name, "classes": [8], "frames": n, "rows": [{frame, pts_seconds, label, p: [8], …}]}</c>.</summary>
    /// <param name="context">The request.</param>
    /// <param name="video">What the video is called.</param>
    /// <param name="predictions">Its predictions.</param>
    /// <param name="cancellation">The client has gone, or takes too long.</param>
    public static async Task SendJsonAsync(HttpContext context, string video, FramePredictions predictions, CancellationToken cancellation)
    {
        Begin(context.Response, "application/json");
        var buffer = new ArrayBufferWriter<byte>(2 * BufferBytes);
        await using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteNull("run"); // It is removed with this answer.
        json.WriteString("video", video);
        json.WriteStartArray("classes");
        foreach (var name in Expressions.Names)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
        json.WriteNumber("frames", predictions.Count);
        json.WriteStartArray("rows");
        for (var row = 0; row < predictions.Count; row++)
        {
            Write(json, predictions, row);
            if (json.BytesPending + buffer.WrittenCount > BufferBytes)
            {
                await FlushAsync();
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await FlushAsync();

        async Task FlushAsync()
        {
            await json.FlushAsync(cancellation);
            await SendAsync(context, buffer.WrittenMemory, cancellation);
            buffer.ResetWrittenCount();
        }
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

    private static void Write(Utf8JsonWriter json, FramePredictions predictions, int row)
    {
        json.WriteStartObject();
        json.WriteNumber("frame", row + 1);
        json.WriteNumber("pts_seconds", predictions.PtsSeconds[row]);
        json.WriteString("label", Expressions.Names[(int)predictions.Labels[row]]);
        json.WriteStartArray("p");
        for (var c = 0; c < Expressions.Count; c++)
        {
            json.WriteNumberValue(predictions.Probability(row, (Expression)c));
        }

        json.WriteEndArray();
        foreach (var (name, flag) in Flags)
        {
            json.WriteBoolean(name, (predictions.Flags[row] & flag) != 0);
        }

        json.WriteEndObject();
    }

    private static void Begin(HttpResponse response, string contentType)
    {
        response.StatusCode = (int)HttpStatusCode.OK;
        response.ContentType = contentType;
        OperatorRoutes.AddHeaders(response);
    }

    private static async Task SendAsync(HttpContext context, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            await context.Response.Body.WriteAsync(bytes, cancellation).AsTask().WaitAsync(OperatorLimits.ReadsWithin, cancellation);
        }
        catch (TimeoutException)
        {
            context.Abort();
            throw new OperationCanceledException("The client reads nothing.", context.RequestAborted);
        }
    }

    private static EnvironmentFaultException Unreadable(Exception e) =>
        new("store", $"The predictions cannot be read: {e.Message.TrimEnd('.')}.", "Check the data folder, and send the video again.", e);
}
