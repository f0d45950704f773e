using System.Collections.Immutable;
using System.Text.Json;

namespace ActorCluster.Models.Checkpoints;

/// <summary>The keys of a <c>config.json</c>; a value of the wrong kind or size is refused by its key's name.</summary>
internal sealed class ConfigKeys
{
    /// <summary>The file's name in a model's folder.</summary>
    public const string FileName = "config.json";

    private const int MaxListLength = 64;
    private const int LongestQuote = 60;

    private readonly JsonElement root;
    private readonly string source;
    private readonly string model;

    /// <param name="root">The file's content.</param>
    /// <param name="source">The file, for messages.</param>
    /// <param name="model">The architecture's name, for messages.</param>
    public ConfigKeys(JsonElement root, string source, string model)
    {
        this.root = root;
        this.source = source;
        this.model = model;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new CheckpointFormatException($"{source} is not a JSON object. Download it again.");
        }
    }

    public int Integer(string key, int standard, int least, int most)
    {
        if (!root.TryGetProperty(key, out var value))
        {
            return standard;
        }

        return IsInteger(value, least, most, out var number) ? number : throw Wrong(key, $"a whole number from {least} to {most}");
    }

    public ImmutableArray<int> Integers(string key, ImmutableArray<int> standard, int least, int most)
    {
        if (!root.TryGetProperty(key, out var list))
        {
            return standard;
        }

        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is < 1 or > MaxListLength)
        {
            throw Wrong(key, $"a list of 1 to {MaxListLength} whole numbers");
        }

        return [.. list.EnumerateArray().Select(value => IsInteger(value, least, most, out var number) ? number : throw Wrong(key, $"a list of whole numbers from {least} to {most}"))];
    }

    public double Number(string key, double standard, double least, double most)
    {
        if (!root.TryGetProperty(key, out var value))
        {
            return standard;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= least && number <= most
            ? number
            : throw Wrong(key, $"a number from {least} to {most}");
    }

    public bool Boolean(string key, bool standard)
    {
        if (!root.TryGetProperty(key, out var value))
        {
            return standard;
        }

        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(key, "true or false");
    }

    /// <summary>One of a few words; without a <paramref name="standard"/> the key must be there.</summary>
    public string OneOf(string key, string? standard, params ReadOnlySpan<string> words)
    {
        if (!root.TryGetProperty(key, out var value) && standard is not null)
        {
            return standard;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            foreach (var word in words)
            {
                if (value.ValueEquals(word))
                {
                    return word;
                }
            }
        }

        throw Wrong(key, string.Join(" or ", words.ToArray().Select(word => $"\"{word}\"")));
    }

    public CheckpointFormatException Wrong(string key, string allowed)
    {
        var text = root.TryGetProperty(key, out var value) ? value.GetRawText() : "missing";
        return new CheckpointFormatException(
            $"{source}: {key} is {(text.Length <= LongestQuote ? text : text[..LongestQuote] + "…")}; it must be {allowed}. Use a {model} checkpoint as published.");
    }

    private static bool IsInteger(JsonElement value, int least, int most, out int number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out number) && number >= least && number <= most;
    }
}
