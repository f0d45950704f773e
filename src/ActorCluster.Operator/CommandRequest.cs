using System.Collections.Immutable;
using System.Text.Json;
using ActorCluster.Operator.Palettes;

namespace ActorCluster.Operator;

/// <summary>The body of <c>POST /v1/commands</c>: <c>{"palette": "run", "command": "pause", "arguments": [["name", "spring"], ["yes"]], "who": "ada@host"}</c>.</summary>
/// <param name="Palette">The palette.</param>
/// <param name="Command">The command.</param>
/// <param name="Arguments">Each a name or a switch, and its value unless it is a flag.</param>
/// <param name="Who">What the client says of who gives the command.</param>
public sealed record CommandRequest(string Palette, string Command, ImmutableArray<ImmutableArray<string>> Arguments = default, string? Who = null)
{
    private static readonly JsonSerializerOptions Strict = new(OperatorJson.Options)
    {
        AllowDuplicateProperties = false, MaxDepth = 8, UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>The values that are given.</summary>
    /// <exception cref="JsonException">One is neither a name nor a name with a value.</exception>
    internal IEnumerable<CommandValue> Values => (Arguments.IsDefault ? [] : Arguments).Select(a => a switch
    {
        { IsDefault: false, Length: 1 } when a[0] is not null => new CommandValue(a[0], null),
        { IsDefault: false, Length: 2 } when a[0] is not null && a[1] is not null => new CommandValue(a[0], a[1]),
        _ => throw new JsonException("arguments must be a list of [\"name\"] and [\"name\", \"value\"]."),
    });

    /// <summary>A request for a checked command.</summary>
    public static CommandRequest Of(CommandCall call) => new(
        call.Palette,
        call.Command.Name,
        [.. call.Arguments.SelectMany(a => a.Value.IsEmpty ? [[a.Key]] : a.Value.Select(v => ImmutableArray.Create(a.Key, v)))],
        call.Who);

    /// <summary>Reads a body.</summary>
    /// <exception cref="JsonException">It is no such request.</exception>
    internal static async Task<CommandRequest> ReadAsync(Stream body, CancellationToken cancellation) =>
        await JsonSerializer.DeserializeAsync<CommandRequest>(body, Strict, cancellation) ?? throw new JsonException("It must be an object {…}.");
}
