using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using ActorCluster.Core.Formats;
using ActorCluster.Operator;

namespace ActorCluster.Node.Settings;

/// <summary>
/// Reads settings key by key, each from the first layer that has it, and notes everything that is wrong instead of stopping at the first. For a wrong key it
/// returns the default; the caller throws the problems before using it.
/// </summary>
/// <param name="layers">Where settings come from, the strongest first.</param>
internal sealed class SettingReader(IReadOnlyList<SettingLayer> layers)
{
    private const int LongestQuote = 60;
    private const string Default = "default";
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _lists = new(StringComparer.Ordinal);

    /// <summary>What is wrong, a sentence each.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>Every key that was read, with its value and where that comes from; secrets masked.</summary>
    public JsonObject Effective { get; } = [];

    public int Integer(string key, int least, int most, int otherwise) => Take(
        key, otherwise, $"whole number from {least} to {most}", text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) && n >= least && n <= most ? n : null);

    public long Bytes(string key, long least, long most, long otherwise) => Take(
        key,
        otherwise,
        $"number of bytes between {ByteSize.Words(least)} and {ByteSize.Words(most)}, such as 500M or 2G",
        text => ByteSize.TryParse(text, out var n) && n >= least && n <= most ? n : null);

    public TimeSpan Seconds(string key, double least, double most, TimeSpan otherwise) => TimeSpan.FromSeconds(Take(
        key,
        otherwise.TotalSeconds,
        $"number of seconds between {least} and {most}",
        text => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var n) && n >= least && n <= most ? n : null));

    /// <summary>A text that fits, or the default.</summary>
    public string? Text(string key, string? otherwise, string allowed, Func<string, bool> fits) => Read(key, otherwise, allowed, text => fits(text) ? text : null, text => text);

    /// <summary>A text that is not to be shown.</summary>
    /// <param name="key">The key.</param>
    /// <param name="wrong">What is wrong with a text, never quoting it; null when nothing is.</param>
    /// <param name="mask">What of it may be shown.</param>
    public string? Secret(string key, Func<string, string?> wrong, Func<string, string> mask)
    {
        _known.Add(key);
        if (layers.FirstOrDefault(l => l.Text(key) is not null) is not { } layer)
        {
            Note(key, null, null);
            return null;
        }

        var text = layer.Text(key)!;
        if (wrong(text) is { } problem)
        {
            Problems.Add($"{key}: {problem} (from {layer.Place})");
            return null;
        }

        Note(key, mask(text), layer);
        return text;
    }

    /// <summary>A folder's full path. In a file, it is relative to the file.</summary>
    public string? Folder(string key, string? otherwise, string? variable = null)
    {
        _known.Add(key);
        if (layers.FirstOrDefault(l => l.Text(key) is not null) is { } layer)
        {
            var path = Path.GetFullPath(layer.Text(key)!, layer.Folder ?? Environment.CurrentDirectory);
            Note(key, path, layer);
            return path;
        }

        var fallback = variable is null ? null : Environment.GetEnvironmentVariable(variable);
        var value = fallback is { Length: > 0 } ? fallback : otherwise;
        value = value is null ? null : Path.GetFullPath(value);
        Effective[key] = new JsonObject { ["value"] = value, ["from"] = fallback is { Length: > 0 } ? "environment " + variable : Default };
        return value;
    }

    /// <summary>A file's full path. In a settings file, it is relative to that.</summary>
    public string? File(string key) => Folder(key, null);

    /// <summary>A list of texts that each fit, or the default.</summary>
    public ImmutableArray<string> List(string key, ImmutableArray<string> otherwise, string allowed, Func<string, bool> fits)
    {
        _known.Add(key);
        _lists.Add(key);
        if (layers.FirstOrDefault(l => l.List(key) is not null) is not { } layer)
        {
            Note(key, new JsonArray([.. otherwise.Select(o => JsonValue.Create(o))]), null);
            return otherwise;
        }

        var items = layer.List(key)!;
        Problems.AddRange(items.Where(i => !fits(i)).Select(i => $"{key}: {Quote(i)} is no {allowed} (from {layer.Place})"));
        Note(key, new JsonArray([.. items.Select(i => JsonValue.Create(i))]), layer);
        return [.. items.Where(fits)];
    }

    /// <summary>Notes every key that nobody has asked for.</summary>
    public void End()
    {
        foreach (var layer in layers)
        {
            foreach (var key in layer.Keys.Where(k => !_known.Contains(k) && !_lists.Any(l => SettingLayer.IndexOf(k, l) >= 0)).Order(StringComparer.Ordinal))
            {
                var nearest = NearestNames.Find(key, _known);
                Problems.Add($"{Quote(key)[1..^1]}: there is no such setting (from {layer.Place}){(nearest is [var name] ? $"; the nearest is {name}" : "")}");
            }
        }
    }

    /// <summary>Where a key's value comes from, as a problem names it.</summary>
    public string PlaceOf(string key) => Effective[key]?["from"]?.GetValue<string>() is { } from and not Default ? $"from {from}" : "the default";

    private T Take<T>(string key, T otherwise, string allowed, Func<string, T?> parse)
        where T : struct => Read<T?>(key, otherwise, allowed, parse, value => JsonValue.Create(value))!.Value;

    private T Read<T>(string key, T otherwise, string allowed, Func<string, T?> parse, Func<T, JsonNode?> show)
    {
        _known.Add(key);
        if (layers.FirstOrDefault(l => l.Text(key) is not null) is not { } layer)
        {
            Note(key, show(otherwise), null);
            return otherwise;
        }

        var text = layer.Text(key)!;
        if (parse(text) is { } value)
        {
            Note(key, show(value), layer);
            return value;
        }

        Problems.Add($"{key}: {Quote(text)} is no {allowed} (from {layer.Place})");
        return otherwise;
    }

    private void Note(string key, JsonNode? value, SettingLayer? layer) => Effective[key] = new JsonObject { ["value"] = value, ["from"] = layer?.NameOf(key) ?? Default };

    private static string Quote(string text) => $"'{RunWords.OneLine(text.Length <= LongestQuote ? text : text[..LongestQuote] + "…")}'";
}
