using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ActorCluster.Operator;

/// <summary>JSON as <see cref="OperatorJson"/> has it, with moments as text: <c>2026-11-26T14:00:00.123Z</c> where the program counts UTC ticks, and null where there is none.</summary>
internal static class ApiJson
{
    private static readonly string[] Moments = ["at", "since", "started_at", "ended_at"];

    /// <summary>How answers are written.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(OperatorJson.Options)
        {
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { WriteMoments } },
        };
        options.MakeReadOnly();
        return options;
    }

    private static void WriteMoments(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(p => p.PropertyType == typeof(long) && Moments.Contains(p.Name)))
        {
            property.CustomConverter = new TicksConverter();
        }
    }
}
