using System.Text.Json;
using ActorCluster.Core;
using Microsoft.AspNetCore.Http;

namespace ActorCluster.Operator;

/// <summary>
/// Predictions as JSON: <c>{"run","video","classes":[8],"frames":n,"rows":[{"frame","pts_seconds","label","p":[8],"face_present","audio_present","imputed","decoded"}]}</c>. Frames count from
/// 1; times and probabilities have 6 decimals.
/// </summary>
internal static class PredictionJson
{
    /// <summary>The media type.</summary>
    public const string ContentType = "application/json; charset=utf-8";

    private const int RowsAtOnce = 200;
    private const int Decimals = 6;

    /// <summary>Writes them into an answer, row by row.</summary>
    /// <param name="context">The request.</param>
    /// <param name="run">The run; null where it is gone with the answer.</param>
    /// <param name="video">The video's id.</param>
    /// <param name="predictions">The predictions.</param>
    /// <param name="cancellation">The client has gone, or takes too long.</param>
    /// <exception cref="OperationCanceledException">The client has gone, or reads nothing.</exception>
    public static async Task WriteAsync(HttpContext context, string? run, string video, FramePredictions predictions, CancellationToken cancellation)
    {
        context.Response.ContentType = ContentType;
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("run", run);
        json.WriteString("video", video);
        json.WriteStartArray("classes");
        foreach (var name in Expressions.Names)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
        json.WriteNumber("frames", predictions.Count);
        json.WriteStartArray("rows");
        for (var i = 0; i < predictions.Count; i++)
        {
            WriteRow(json, predictions, i);
            if (i % RowsAtOnce == RowsAtOnce - 1)
            {
                await json.FlushAsync(cancellation);
                await SlowReader.FlushAsync(context).WaitAsync(cancellation);
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(cancellation);
        await SlowReader.FlushAsync(context).WaitAsync(cancellation);
    }

    private static void WriteRow(Utf8JsonWriter json, FramePredictions predictions, int i)
    {
        json.WriteStartObject();
        json.WriteNumber("frame", i + 1);
        json.WriteNumber("pts_seconds", Math.Round(predictions.PtsSeconds[i], Decimals));
        json.WriteString("label", Expressions.Names[(int)predictions.Labels[i]]);
        json.WriteStartArray("p");
        for (var c = 0; c < Expressions.Count; c++)
        {
            json.WriteNumberValue(Math.Round(predictions.Probability(i, (Expression)c), Decimals));
        }

        json.WriteEndArray();
        json.WriteBoolean("face_present", Has(FrameFlags.FacePresent));
        json.WriteBoolean("audio_present", Has(FrameFlags.AudioPresent));
        json.WriteBoolean("imputed", Has(FrameFlags.Imputed));
        json.WriteBoolean("decoded", Has(FrameFlags.Decoded));
        json.WriteEndObject();

        bool Has(FrameFlags flag) => (predictions.Flags[i] & flag) != 0;
    }
}
