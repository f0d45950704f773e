using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;

namespace ActorCluster.Operator;

/// <summary>JSON schemas of what is sent.</summary>
internal static class ApiSchema
{
    private static readonly JsonSchemaExporterOptions Exporting = new()
    {
        TreatNullObliviousAsNonNullable = true,
        // A converter of our own tells nothing of what it writes.
        TransformSchemaNode = (context, schema) => context.PropertyInfo?.CustomConverter is TicksConverter ? Parse("""{"type":["string","null"],"format":"date-time"}""") : schema,
    };

    /// <summary>That of a type.</summary>
    /// <param name="options">How it is written; null for <see cref="ApiJson"/>.</param>
    public static JsonNode Of<T>(JsonSerializerOptions? options = null)
    {
        var schema = (options ?? ApiJson.Options).GetJsonSchemaAsNode(typeof(T), Exporting);
        return Whole(schema, schema);
    }

    /// <summary>That of a list.</summary>
    public static JsonNode ArrayOf(JsonNode items) => new JsonObject { ["type"] = "array", ["items"] = items };

    /// <summary>That of an object.</summary>
    public static JsonNode Object(params (string Name, JsonNode Schema)[] properties) =>
        new JsonObject { ["type"] = "object", ["properties"] = new JsonObject(properties.Select(p => KeyValuePair.Create<string, JsonNode?>(p.Name, p.Schema))) };

    /// <summary>That of a text.</summary>
    public static JsonNode Text() => new JsonObject { ["type"] = "string" };

    /// <summary>That of bytes.</summary>
    public static JsonNode Bytes() => new JsonObject { ["type"] = "string", ["format"] = "binary" };

    /// <summary>A schema without references: the exporter refers to what it has exported before by a path from the schema's root, which is not the document's.</summary>
    private static JsonNode Whole(JsonNode node, JsonNode root)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } referring when referring["$ref"] is JsonValue path:
                var target = path.GetValue<string>().TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate(root, (at, part) => at[part]!);
                return Whole(target, root);
            case JsonObject members:
                return new JsonObject(members.Select(m => KeyValuePair.Create(m.Key, m.Value is null ? null : (JsonNode?)Whole(m.Value, root))));
            case JsonArray items:
                return new JsonArray([.. items.Select(i => i is null ? null : Whole(i, root))]);
            default:
                return node.DeepClone();
        }
    }

    /// <summary>One that is written down.</summary>
    public static JsonNode Parse(string json) => JsonNode.Parse(json)!;
}
