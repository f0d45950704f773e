using System.Text.Json;
using System.Text.Json.Serialization;

namespace ActorCluster.Operator;

/// <summary>JSON as the endpoint speaks it: names and enumerations in snake_case.</summary>
public static class OperatorJson
{
    /// <summary>How values are written and read. What an answer lacks is a <see cref="JsonException"/>; what it has beyond that is for newer readers.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerOptions.Default)
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        };
        options.MakeReadOnly();
        return options;
    }
}
