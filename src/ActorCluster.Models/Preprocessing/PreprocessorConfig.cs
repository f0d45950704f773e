using System.Text.Json;
using ActorCluster.Models.Checkpoints;

namespace ActorCluster.Models.Preprocessing;

/// <summary>Reads the values of a <c>preprocessor_config.json</c>, each with the published class's default, and refuses others by name.</summary>
internal sealed class PreprocessorConfig
{
    private readonly string path;
    private readonly Dictionary<string, JsonElement> values;

    private PreprocessorConfig(string path, Dictionary<string, JsonElement> values)
    {
        this.path = path;
        this.values = values;
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="CheckpointFormatException">It is absent or malformed.</exception>
    public static PreprocessorConfig Read(string path) => JsonFile.Parse(JsonFile.Read(path), path, root => root.ValueKind == JsonValueKind.Object
        ? new PreprocessorConfig(path, root.Clone().EnumerateObject().GroupBy(p => p.Name).ToDictionary(p => p.Key, p => p.Last().Value))
        : throw new CheckpointFormatException($"'{path}' is not a JSON object."));

    /// <summary>Refuses a key that names the processor's class, where it is there and is none of the given names.</summary>
    public void RequireType(IReadOnlyList<string> keys, IReadOnlyList<string> types)
    {
        foreach (var key in keys.Where(values.ContainsKey))
        {
            if (values[key].ValueKind != JsonValueKind.String || !types.Contains(values[key].GetString()))
            {
                throw Refuse(key, string.Join(" or ", types));
            }
        }
    }

    /// <summary>Refuses what begins with <c>do_</c> and is true, but for the given steps: a step left out would give other inputs than training's.</summary>
    public void RefuseStepsBut(params ReadOnlySpan<string> known)
    {
        foreach (var (key, value) in values)
        {
            if (key.StartsWith("do_", StringComparison.Ordinal) && value.ValueKind != JsonValueKind.False && !known.Contains(key))
            {
                throw new CheckpointFormatException($"'{path}' asks for the step {Quoted.Text(key)}, which is not known. Only checkpoints without it can be used.");
            }
        }
    }

    /// <summary>A truth value.</summary>
    public bool Flag(string key, bool fallback) => !Has(key, out var value)
        ? fallback
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Refuse(key, "true or false");

    /// <summary>A whole number in a range.</summary>
    public int Number(string key, int fallback, int min, int max) => !Has(key, out var value) ? fallback : Number(key, value, min, max);

    /// <summary>A finite number.</summary>
    public double Real(string key, double fallback) => !Has(key, out var value)
        ? fallback
        : IsFinite(value, out var number) ? number : throw Refuse(key, "a finite number");

    /// <summary>Three finite numbers, one per channel.</summary>
    public float[] Channels(string key, float fallback)
    {
        if (!Has(key, out var value))
        {
            return [fallback, fallback, fallback];
        }

        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() != 3 || !value.EnumerateArray().All(item => IsFinite(item, out _)))
        {
            throw Refuse(key, "three finite numbers");
        }

        return [.. value.EnumerateArray().Select(item => (float)item.GetDouble())];
    }

    /// <summary>A size: a number for a square, or height and width.</summary>
    public (int Height, int Width) Size(string key, int fallback, int max)
    {
        if (!Has(key, out var value))
        {
            return (fallback, fallback);
        }

        if (value.ValueKind == JsonValueKind.Number)
        {
            var side = Number(key, value, 1, max);
            return (side, side);
        }

        return value.ValueKind == JsonValueKind.Object && value.EnumerateObject().Count() == 2
            && value.TryGetProperty("height", out var height) && value.TryGetProperty("width", out var width)
            ? (Number(key, height, 1, max), Number(key, width, 1, max))
            : throw Refuse(key, "a number, or 'height' and 'width'");
    }

    /// <summary>The refusal of a value.</summary>
    public CheckpointFormatException Refuse(string key, string expected) =>
        new($"'{path}': {key} is {Quoted.Text(values[key].GetRawText())}; {expected} is expected. Only checkpoints with such a preprocessing can be used.");

    private bool Has(string key, out JsonElement value) => values.TryGetValue(key, out value) && value.ValueKind != JsonValueKind.Null;

    private int Number(string key, JsonElement value, int min, int max) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= min && number <= max
            ? number
            : throw Refuse(key, $"a whole number from {min} to {max}");

    private static bool IsFinite(JsonElement value, out double number)
    {
        number = double.NaN;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out number) && double.IsFinite(number);
    }
}
