using System.Collections.Immutable;
using System.Text.Json;
using ActorCluster.Core.Formats;
using ActorCluster.Processing.Runs;

namespace ActorCluster.Operator;

/// <summary>
/// The body of <c>POST /v1/runs</c>: <c>{"inputs": ["/full/path"], "pipeline": "lite", "run": "name", "format": "csv"}</c>, of which only <c>inputs</c> is
/// required.
/// </summary>
internal static class RunRequestJson
{
    private const int LongestPath = 4096;
    private static readonly string[] Fields = ["inputs", "pipeline", "run", "format"];
    private static readonly string[] Formats = ["csv", "parquet", "both"];

    /// <summary>Reads a body.</summary>
    /// <param name="root">What was sent.</param>
    /// <param name="problems">Gets a sentence for everything that is wrong with it.</param>
    /// <returns>The request; null when something is wrong.</returns>
    public static RunRequest? Read(JsonElement root, List<string> problems)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            problems.Add("The body must be an object {…}.");
            return null;
        }

        foreach (var field in root.EnumerateObject().Where(f => !Fields.Contains(f.Name)))
        {
            var nearest = NearestNames.Find(field.Name, Fields);
            problems.Add($"There is no field '{Shorten(field.Name)}'{(nearest is [var name] ? $"; the nearest is '{name}'" : "")}. Fields: {string.Join(", ", Fields)}.");
        }

        var inputs = Inputs(root, problems);
        var pipeline = Text(root, "pipeline", "lite", "a shipped pipeline's name, or the full path of a pipeline file", IsPipeline, problems);
        var run = Text(root, "run", null, $"a run's name: 1 to {RunName.Longest} letters, digits, '.', '_' and '-', beginning with a letter, digit or '_'", RunName.IsValid, problems);
        var format = Text(root, "format", "csv", "csv, parquet or both", Formats.Contains, problems);
        return problems.Count > 0 ? null : new RunRequest(inputs, pipeline!, run, format is "csv" or "both", format is "parquet" or "both");
    }

    private static ImmutableArray<string> Inputs(JsonElement root, List<string> problems)
    {
        if (!root.TryGetProperty("inputs", out var value) || value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0)
        {
            problems.Add("inputs: must be a list of full paths of videos, folders or manifests, at least one.");
            return [];
        }

        var inputs = ImmutableArray.CreateBuilder<string>();
        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.String && item.GetString() is { Length: > 0 } path && IsPath(path))
            {
                inputs.Add(path);
            }
            else
            {
                problems.Add($"inputs: {Shorten(item.GetRawText())} is no full path.");
            }
        }

        return inputs.ToImmutable();
    }

    private static string? Text(JsonElement root, string field, string? otherwise, string allowed, Func<string, bool> fits, List<string> problems)
    {
        if (!root.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return otherwise;
        }

        if (value.ValueKind == JsonValueKind.String && value.GetString() is { } text && fits(text))
        {
            return text;
        }

        problems.Add($"{field}: {Shorten(value.GetRawText())} is not {allowed}.");
        return otherwise;
    }

    /// <summary>Whether a text can be a shipped pipeline's name, or is the full path of a pipeline file.</summary>
    public static bool IsPipeline(string text) =>
        text.Contains('/', StringComparison.Ordinal) || text.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? IsPath(text) : RunName.IsValid(text);

    private static bool IsPath(string text) => text.Length <= LongestPath && !text.Contains('\0', StringComparison.Ordinal) && Path.IsPathFullyQualified(text);

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
