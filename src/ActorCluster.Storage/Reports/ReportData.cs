using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using ActorCluster.Core;

namespace ActorCluster.Storage;

/// <summary>The JSON that the report's script draws from. Safe inside a script element: the encoder escapes &lt;, &gt; and &amp;.</summary>
internal static class ReportData
{
    public const int MostDrawn = 300;
    public const int MostSlowest = 100;
    public const int MostQuarantined = 1000;
    public const int MostListed = 5000;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    public static void Write(Stream stream, RunSummary summary, Func<string, FramePredictions?> predictionsOf)
    {
        using var json = new Utf8JsonWriter(stream, Options);
        var drawn = ChooseDrawn(summary.Videos);
        json.WriteStartObject();
        WriteRun(json, summary);
        WriteQuarantined(json, summary.Videos);
        json.WriteStartArray("videos");
        foreach (var video in summary.Videos.Where(drawn.Contains))
        {
            WriteVideo(json, video, predictionsOf(video.Id));
            json.Flush();
        }

        json.WriteEndArray();
        WriteRest(json, [.. summary.Videos.Where(video => video.Status != VideoStatus.Quarantined && !drawn.Contains(video))]);
        json.WriteEndObject();
    }

    /// <summary>All completed videos if they are few, else the slowest and the first.</summary>
    internal static HashSet<VideoSummary> ChooseDrawn(IReadOnlyList<VideoSummary> videos)
    {
        var completed = videos.Where(video => video.Status == VideoStatus.Completed).ToList();
        var chosen = completed.Count <= MostDrawn
            ? completed
            : [.. completed.OrderByDescending(video => video.WallSeconds).Take(MostSlowest)];
        var drawn = new HashSet<VideoSummary>(chosen, ReferenceEqualityComparer.Instance);
        foreach (var video in completed)
        {
            if (drawn.Count >= MostDrawn)
            {
                break;
            }

            drawn.Add(video);
        }

        return drawn;
    }

    private static void WriteRun(Utf8JsonWriter json, RunSummary run)
    {
        json.WriteString("run", run.Run);
        json.WriteString("pipeline", run.Pipeline);
        json.WriteString("pipelineHash", run.PipelineHash);
        json.WriteString("encoderHash", run.EncoderHash);
        json.WriteString("started", run.StartedAt);
        if (run.EndedAt is { } ended)
        {
            json.WriteString("ended", ended);
        }

        json.WriteString("state", run.State.ToString().ToLowerInvariant());
        json.WriteString("stateCause", run.StateCause);
        json.WriteNumber("registered", run.Counts.Registered);
        json.WriteNumber("completed", run.Counts.Completed);
        json.WriteNumber("quarantinedCount", run.Counts.Quarantined);
        json.WriteNumber("cancelled", run.Counts.Cancelled);
        json.WriteNumber("frames", run.Frames);
        json.WriteNumber("seconds", run.VideoSeconds);
        json.WriteNumber("wall", run.WallSeconds);
        json.WriteNumber("active", run.ActiveSeconds);
        json.WriteNumber("planned", run.Chunks.Planned);
        json.WriteNumber("startedChunks", run.Chunks.Started);
        json.WriteNumber("redone", run.Chunks.Redone);
        if (run.Speed is { } speed)
        {
            json.WriteStartObject("speed");
            json.WriteNumber("fps", speed.FramesPerSecond);
            json.WriteNumber("timesRealTime", speed.TimesRealTime);
            json.WriteString("boundBy", speed.BoundBy);
            json.WriteNumber("boundFps", speed.BoundFramesPerSecond);
            json.WriteNumber("ratio", speed.Ratio);
            json.WriteEndObject();
        }

        WriteScore(json, run.Score);
        WriteStrings(json, "classes", Expressions.Names);
        WriteCounts(json, run.Labels);
    }

    private static void WriteScore(Utf8JsonWriter json, RunScore? score)
    {
        if (score is null)
        {
            return;
        }

        json.WriteStartObject("score");
        json.WriteNumber("videos", score.Videos);
        json.WriteNumber("frames", score.Frames);
        json.WriteNumber("macroF1", score.MacroF1);
        json.WriteNumber("accuracy", score.Accuracy);
        WriteNumbers(json, "classF1", score.ClassF1);
        json.WriteStartArray("confusion");
        foreach (var row in score.Confusion)
        {
            WriteNumbers(json, null, row.Select(count => (double)count));
        }

        json.WriteEndArray();
        WriteStrings(json, "notices", score.Notices);
        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string? name, IEnumerable<double> numbers)
    {
        if (name is not null)
        {
            json.WritePropertyName(name);
        }

        json.WriteStartArray();
        foreach (var number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }

    private static void WriteQuarantined(Utf8JsonWriter json, IReadOnlyList<VideoSummary> videos)
    {
        json.WriteStartArray("quarantined");
        foreach (var video in videos.Where(video => video.Status == VideoStatus.Quarantined).Take(MostQuarantined))
        {
            json.WriteStartObject();
            json.WriteString("id", video.Id);
            json.WriteString("uri", video.Uri);
            json.WriteString("stage", video.Fault?.Stage);
            json.WriteString("cause", video.Fault?.Cause);
            json.WriteNumber("attempts", video.Fault?.Attempts ?? 0);
            WriteStrings(json, "tool", video.Fault?.ToolOutput ?? []);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteVideo(Utf8JsonWriter json, VideoSummary video, FramePredictions? predictions)
    {
        json.WriteStartObject();
        json.WriteString("id", video.Id);
        json.WriteNumber("frames", video.Frames);
        json.WriteNumber("seconds", video.DurationSeconds);
        json.WriteNumber("faces", video.FacesShare);
        json.WriteNumber("wall", video.WallSeconds);
        WriteStrings(json, "files", video.Files);
        WriteCounts(json, video.Labels);
        if (predictions is { Count: > 0 })
        {
            json.WriteNumber("start", predictions.PtsSeconds[0]);
            json.WriteNumber("end", TimelineColumns.EndSeconds(predictions));
            json.WriteNumber("imputed", predictions.Flags.Count(flags => flags.HasFlag(FrameFlags.Imputed)));
            json.WriteNumber("undecoded", predictions.Flags.Count(flags => !flags.HasFlag(FrameFlags.Decoded)));
            json.WriteString("columns", TimelineColumns.Encode(predictions));
        }

        json.WriteEndObject();
    }

    private static void WriteRest(Utf8JsonWriter json, IReadOnlyList<VideoSummary> rest)
    {
        json.WriteNumber("restCount", rest.Count);
        json.WriteStartArray("rest");
        foreach (var video in rest.Take(MostListed))
        {
            json.WriteStartObject();
            json.WriteString("id", video.Id);
            json.WriteString("status", video.Status.ToString().ToLowerInvariant());
            json.WriteNumber("frames", video.Frames);
            json.WriteNumber("seconds", video.DurationSeconds);
            json.WriteNumber("faces", video.FacesShare);
            WriteCounts(json, video.Labels);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteCounts(Utf8JsonWriter json, LabelCounts labels)
    {
        json.WriteStartArray("labels");
        foreach (var count in labels.ToArray())
        {
            json.WriteNumberValue(count);
        }

        json.WriteEndArray();
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
