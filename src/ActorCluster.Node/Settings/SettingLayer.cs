using System.Text.Json;
using ActorCluster.Operator;
using Microsoft.Extensions.Configuration;

namespace ActorCluster.Node.Settings;

/// <summary>One place that settings come from: a file, the environment or the switches.</summary>
internal sealed class SettingLayer
{
    private const string VariablePrefix = "ACTORCLUSTER__";

    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly Func<string, string> _nameOf;

    private SettingLayer(string place, IEnumerable<KeyValuePair<string, string?>> values, Func<string, string> nameOf, string? folder = null)
    {
        Place = place;
        Folder = folder;
        _nameOf = nameOf;
        // What has no value is not set here: sections, null, and variables that a supervisor passes on empty.
        foreach (var (key, value) in values.Where(v => v.Value is { Length: > 0 }))
        {
            var name = key.Replace(ConfigurationPath.KeyDelimiter, ".", StringComparison.Ordinal);
            if (!_values.TryAdd(name, value!))
            {
                throw new UsageException($"{RunWords.OneLine(name)} is set twice in {place}.");
            }
        }
    }

    /// <summary>The place in words, such as <c>the environment</c>.</summary>
    public string Place { get; }

    /// <summary>The folder that paths in it are relative to; null for the current one.</summary>
    public string? Folder { get; }

    /// <summary>The keys that are set here, in lower case.</summary>
    public IEnumerable<string> Keys => _values.Keys.Select(k => k.ToLowerInvariant());

    /// <summary>Reads a settings file.</summary>
    /// <exception cref="UsageException">It cannot be read or is not JSON.</exception>
    public static SettingLayer OfFile(string path)
    {
        var full = Path.GetFullPath(path);
        try
        {
            using var file = File.OpenRead(full);
            var root = new ConfigurationBuilder().AddJsonStream(file).Build();
            return new SettingLayer($"the file {full}", root.AsEnumerable(), key => $"file {full}", Path.GetDirectoryName(full));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or InvalidDataException or JsonException)
        {
            throw new UsageException($"The settings file '{full}' cannot be used: {(e.InnerException ?? e).Message}", e);
        }
    }

    /// <summary>Reads the environment.</summary>
    public static SettingLayer OfEnvironment() => new(
        "the environment",
        new ConfigurationBuilder().AddEnvironmentVariables(VariablePrefix).Build().AsEnumerable(),
        key => "environment " + VariablePrefix + key.ToUpperInvariant().Replace(".", "__", StringComparison.Ordinal));

    /// <summary>Takes what the command line gives.</summary>
    /// <param name="given">The switch and the value of every key; a key with several values once for each, as <c>key:0</c>, <c>key:1</c>.</param>
    public static SettingLayer OfSwitches(IReadOnlyList<(string Switch, string Key, string Value)> given) => new(
        "the command line",
        given.Select(g => KeyValuePair.Create(g.Key, (string?)g.Value)),
        key => "switch " + given.First(g => g.Key == key || g.Key.StartsWith(key + ConfigurationPath.KeyDelimiter, StringComparison.Ordinal)).Switch);

    /// <summary>The name of a key as it is written here, such as <c>switch --port</c>.</summary>
    public string NameOf(string key) => _nameOf(key);

    /// <summary>A single value; null where it is not set.</summary>
    public string? Text(string key) => _values.GetValueOrDefault(key);

    /// <summary>A list: the values of <c>key.0</c>, <c>key.1</c> and so on, or one value with commas; null where it is not set.</summary>
    public IReadOnlyList<string>? List(string key)
    {
        var items = _values.Where(v => IndexOf(v.Key, key) >= 0).OrderBy(v => IndexOf(v.Key, key)).Select(v => v.Value).ToList();
        return items.Count > 0 ? items : Text(key)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The place of an item in a list, such as 1 of <c>seeds.1</c>; -1 for any other key.</summary>
    public static int IndexOf(string itemKey, string listKey) =>
        itemKey.Length > listKey.Length + 1 && itemKey.StartsWith(listKey, StringComparison.OrdinalIgnoreCase) && itemKey[listKey.Length] == '.'
        && itemKey.AsSpan(listKey.Length + 1).IndexOfAnyExceptInRange('0', '9') < 0 && int.TryParse(itemKey.AsSpan(listKey.Length + 1), out var index) ? index : -1;
}
