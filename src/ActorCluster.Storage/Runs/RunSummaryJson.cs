using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ActorCluster.Storage;

/// <summary><c>summary.json</c>: a <see cref="RunSummary"/> as indented JSON with names in snake_case.</summary>
public static class RunSummaryJson
{
    private static readonly RunSummaryJsonContext Context = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        // Ids in any script stay readable; the file is not embedded in HTML (the report has its own encoding).
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters =
        {
            new JsonStringEnumConverter<RunState>(JsonNamingPolicy.SnakeCaseLower),
            new JsonStringEnumConverter<VideoStatus>(JsonNamingPolicy.SnakeCaseLower),
        },
    });

    /// <summary>Writes a summary.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="summary">What to write.</param>
    public static void Write(Stream stream, RunSummary summary)
    {
        JsonSerializer.Serialize(stream, summary, Context.RunSummary);
        stream.WriteByte((byte)'\n');
    }

    /// <summary>Reads a summary.</summary>
    /// <param name="stream">Where from.</param>
    /// <exception cref="JsonException">The content is not a summary.</exception>
    public static RunSummary Read(Stream stream) =>
        JsonSerializer.Deserialize(stream, Context.RunSummary) ?? throw new JsonException("The summary is null.");
}

[JsonSerializable(typeof(RunSummary))]
internal sealed partial class RunSummaryJsonContext : JsonSerializerContext;
