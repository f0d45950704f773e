using System.Collections.Immutable;
using System.Text.Json;

namespace ActorCluster.Core.Pipelines;

/// <summary>
/// Reads one JSON object key by key and notes every key that is missing, wrong, unknown or given twice, instead of stopping at the first. What it returns
/// for a wrong key is a stand-in that fits the limits; the caller throws the problems before using it.
/// </summary>
internal sealed class StrictJsonObject
{
    private const int LongestQuote = 60;

    private readonly string path;
    private readonly List<string> problems;
    private readonly Dictionary<string, JsonElement> values = [];
    private readonly bool absent;

    public StrictJsonObject(JsonElement? element, string path, List<string> problems)
    {
        this.path = path;
        this.problems = problems;
        absent = element is not { ValueKind: JsonValueKind.Object };
        HasProblems = absent;
        if (absent)
        {
            if (element is { } other)
            {
                problems.Add($"{(path.Length == 0 ? "The file" : path)} is {Describe(other)}; it must be an object {{…}}.");
            }

            return;
        }

        foreach (var property in element!.Value.EnumerateObject())
        {
            if (!values.TryAdd(property.Name, property.Value))
            {
                problems.Add($"{PathOf(property.Name)} is given twice.");
            }
        }
    }

    /// <summary>Whether this object is not there, or a key of it was missing or wrong so far.</summary>
    public bool HasProblems { get; private set; }

    public double Number(string key, double least, double most) => Number(key, least, most, $"a number from {Text(least)} to {Text(most)}");

    public int Integer(string key, int least, int most, string? allowed = null, Func<int, bool>? also = null)
    {
        allowed ??= $"a whole number from {least} to {most}";
        if (Take(key, allowed) is not { } element)
        {
            return least;
        }

        if (element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var value) && value >= least && value <= most && (also?.Invoke(value) ?? true))
        {
            return value;
        }

        Wrong(key, element, allowed);
        return least;
    }

    public string String(string key, string allowed, Func<string, bool> fits)
    {
        if (Take(key, allowed) is not { } element)
        {
            return "";
        }

        if (element.ValueKind == JsonValueKind.String && element.GetString() is { } value && fits(value))
        {
            return value;
        }

        Wrong(key, element, allowed);
        return "";
    }

    /// <summary>One of some words.</summary>
    public string Choice(string key, params string[] words) =>
        String(key, string.Join(" or ", words.Select(w => $"\"{w}\"")), words.Contains) is { Length: > 0 } word ? word : words[0];

    /// <summary>A list of different whole numbers, at least one and at most <paramref name="count"/>.</summary>
    public ImmutableArray<int> Integers(string key, int least, int most, int count)
    {
        var allowed = $"a list of 1 to {count} different whole numbers from {least} to {most}";
        if (Take(key, allowed) is not { } element)
        {
            return [];
        }

        if (element.ValueKind == JsonValueKind.Array && element.GetArrayLength() is var length && length > 0 && length <= count)
        {
            var numbers = element.EnumerateArray().Select(e => e.ValueKind == JsonValueKind.Number && e.TryGetInt32(out var n) ? n : least - 1).ToImmutableArray();
            if (numbers.All(n => n >= least && n <= most) && numbers.Distinct().Count() == numbers.Length)
            {
                return numbers;
            }
        }

        Wrong(key, element, allowed);
        return [];
    }

    /// <summary>Whether a key is given and has not been read yet; for keys that may be left out.</summary>
    public bool Has(string key) => values.ContainsKey(key);

    public StrictJsonObject Object(string key) => new(Take(key, "an object {…}"), PathOf(key), problems);

    /// <summary>A number that may be missing, which counts as 0.</summary>
    public double OptionalNumber(string key, double least, double most) => values.ContainsKey(key) ? Number(key, least, most) : 0;

    /// <summary>Adds a problem with the whole object.</summary>
    public void Problem(string text) => problems.Add($"{path} {text}");

    /// <summary>Notes every key that was not asked for.</summary>
    public void End()
    {
        foreach (var key in values.Keys.Order(StringComparer.Ordinal))
        {
            problems.Add($"{PathOf(key)} is not known; remove it or correct its name.");
        }
    }

    private double Number(string key, double least, double most, string allowed)
    {
        if (Take(key, allowed) is not { } element)
        {
            return least;
        }

        if (element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var value) && value >= least && value <= most)
        {
            // Adding 0 makes one zero of the two, so that equal settings have one canonical form.
            return value + 0.0;
        }

        Wrong(key, element, allowed);
        return least;
    }

    private JsonElement? Take(string key, string allowed)
    {
        if (values.Remove(key, out var element))
        {
            return element;
        }

        HasProblems = true;
        if (!absent)
        {
            problems.Add($"{PathOf(key)} is missing; it must be {allowed}.");
        }

        return null;
    }

    private void Wrong(string key, JsonElement element, string allowed)
    {
        HasProblems = true;
        problems.Add($"{PathOf(key)} is {Describe(element)}; it must be {allowed}.");
    }

    private string PathOf(string key) => path.Length == 0 ? Shorten(key) : $"{path}.{Shorten(key)}";

    private static string Text(double value) => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);

    private static string Describe(JsonElement element) => Shorten(element.GetRawText());

    private static string Shorten(string text) => text.Length <= LongestQuote ? text : text[..LongestQuote] + "…";
}
