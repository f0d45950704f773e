using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorCluster.Operator.Palettes;

namespace ActorCluster.Operator;

/// <summary>
/// A line of the answer to <c>POST /v1/commands</c>, which is JSON lines: <c>{"line": "…"}</c>, <c>{"status": "…"}</c>, <c>{"row": {…}}</c>, <c>{"item": {…}}</c>, and as the last one
/// <c>{"exit_code": 0}</c>, which also has <c>error</c>, and perhaps <c>nearest</c>, where the command failed. Empty lines say that the node is still there.
/// </summary>
internal static class CommandRecord
{
    /// <summary>The media type.</summary>
    public const string ContentType = "application/x-ndjson";

    /// <summary>The most characters of a record; a larger one is none of ours.</summary>
    public const int Longest = 4 << 20;

    /// <summary>How often a node that has nothing to say says so.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);

    /// <summary>The record of an answer's piece.</summary>
    public static JsonObject Write(CommandAnswer answer) => answer switch
    {
        CommandAnswer.Line line => new JsonObject { ["line"] = line.Text },
        CommandAnswer.Status status => new JsonObject { ["status"] = status.Text },
        CommandAnswer.Row row => new JsonObject { ["row"] = AnswerJson.Of(row.Fields) },
        CommandAnswer.Item item => new JsonObject { ["item"] = AnswerJson.Of(item.Fields) },
        CommandAnswer.Exit exit => new JsonObject { ["exit_code"] = exit.ExitCode },
        _ => throw new ArgumentOutOfRangeException(nameof(answer)),
    };

    /// <summary>The record of a failure.</summary>
    public static JsonObject Failure(string error, ImmutableArray<string> nearest, int exitCode)
    {
        var record = new JsonObject { ["exit_code"] = exitCode, ["error"] = error };
        if (!nearest.IsEmpty)
        {
            record["nearest"] = new JsonArray([.. nearest.Select(n => JsonValue.Create(n))]);
        }

        return record;
    }

    /// <summary>Reads a record.</summary>
    /// <exception cref="CommandFailedException">It tells of a failure.</exception>
    /// <exception cref="JsonException">It is no record.</exception>
    public static CommandAnswer Read(string line)
    {
        using var json = JsonDocument.Parse(line);
        var record = json.RootElement.ValueKind == JsonValueKind.Object ? json.RootElement : throw new JsonException();
        if (record.TryGetProperty("exit_code", out var code) && code.TryGetInt32(out var exitCode))
        {
            return record.TryGetProperty("error", out var error) ? throw new CommandFailedException(error.ToString(), exitCode) : new CommandAnswer.Exit(exitCode);
        }

        return record.TryGetProperty("line", out var text) && text.ValueKind == JsonValueKind.String ? new CommandAnswer.Line(text.GetString()!)
            : record.TryGetProperty("status", out var status) && status.ValueKind == JsonValueKind.String ? new CommandAnswer.Status(status.GetString()!)
            : record.TryGetProperty("row", out var row) ? new CommandAnswer.Row(FieldsOf(row))
            : record.TryGetProperty("item", out var item) ? new CommandAnswer.Item(FieldsOf(item))
            : throw new JsonException();
    }

    private static ImmutableArray<AnswerField> FieldsOf(JsonElement values) => values.ValueKind != JsonValueKind.Object
        ? throw new JsonException()
        : [.. values.EnumerateObject().Select(v => new AnswerField(v.Name, ValueOf(v.Value)))];

    private static object? ValueOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => value.TryGetInt64(out var number) ? (object)number : value.GetDouble(),
        JsonValueKind.Array => value.EnumerateArray().Select(v => v.ToString()).ToArray(),
        _ => throw new JsonException(),
    };
}
