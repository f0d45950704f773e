using System.Text.Json;
using System.Text.Json.Serialization;

namespace ActorCluster.Operator;

/// <summary>UTC ticks as ISO 8601 with milliseconds; 0 as null.</summary>
internal sealed class TicksConverter : JsonConverter<long>
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>A moment as text.</summary>
    public static string Text(DateTime utc) => utc.ToString(Format, null);

    /// <inheritdoc/>
    public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? 0 : reader.GetDateTimeOffset().UtcTicks;

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options)
    {
        if (value <= 0 || value > DateTime.MaxValue.Ticks)
        {
            writer.WriteNullValue();
        }
        else
        {
            writer.WriteStringValue(Text(new DateTime(value, DateTimeKind.Utc)));
        }
    }

    /// <inheritdoc/>
    public override bool HandleNull => true;
}
