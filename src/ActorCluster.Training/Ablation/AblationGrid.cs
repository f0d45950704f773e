using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorCluster.Core.Formats;
using ActorCluster.Core.Labels;

namespace ActorCluster.Training.Ablation;

/// <summary>
/// A grid file: JSON with <c>base</c> (a <see cref="TrainingConfig"/>, or the path of its file from the grid's folder on), <c>seeds</c>, <c>evaluate</c> (an
/// <see cref="AblationScoring"/>) and <c>cells</c>, each with <c>name</c>, <c>set</c> (values by their place in the base, such as
/// <c>"network.layers": 4</c>) and, if there is something, <c>published</c>. <c>configs/training/ablation-paper.json</c> has the paper's eight cells.
/// </summary>
/// <param name="Cells">The cells; the others are compared with the first.</param>
/// <param name="Seeds">Every cell is trained once with each.</param>
/// <param name="Evaluate">What trials are scored on.</param>
public sealed record AblationGrid(ImmutableArray<AblationCell> Cells, ImmutableArray<long> Seeds, AblationScoring Evaluate)
{
    private const int MostCells = 1_000;
    private const int MostSeeds = 100;
    private const int LongestName = 60;
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create(" +,-.0123456789=ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");

    /// <summary>Reads a grid.</summary>
    /// <param name="utf8">The JSON.</param>
    /// <param name="folder">The folder that a base's path starts from.</param>
    /// <exception cref="FormatException">It is not a grid; the message names what is wrong and where.</exception>
    /// <exception cref="IOException">The base's file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static AblationGrid Parse(ReadOnlySpan<byte> utf8, string folder)
    {
        if (utf8.Length > TrainingConfig.LargestFile)
        {
            throw new FormatException($"It has more than {TrainingConfig.LargestFile} bytes.");
        }

        var file = SettingsJson.Parse<GridFile>(utf8, AblationJson.Options, Problems);
        var start = Base(file.Base, folder);
        return new AblationGrid([.. file.Cells.Select(c => new AblationCell(c.Name, Set(start, c), c.Published))], file.Seeds, file.Evaluate);
    }

    private static JsonObject Base(JsonNode? start, string folder)
    {
        try
        {
            if (start is JsonValue value && value.TryGetValue(out string? path))
            {
                start = JsonNode.Parse(TrainingConfig.Parse(File.ReadAllBytes(Path.Combine(folder, path))).ToJson());
            }

            return start as JsonObject ?? throw new FormatException("it is neither an object nor the path of a file.");
        }
        catch (FormatException e)
        {
            throw new FormatException($"base: {e.Message}", e);
        }
    }

    private static TrainingConfig Set(JsonObject start, CellFile cell)
    {
        var config = start.DeepClone();
        foreach (var (key, value) in cell.Set)
        {
            var place = key.Split('.');
            var parent = place[..^1].Aggregate(config, (node, name) => (node as JsonObject)?[name]!);
            if (parent is not JsonObject found || !found.ContainsKey(place[^1]))
            {
                throw new FormatException($"Cell '{cell.Name}': the base has no '{key}'.");
            }

            found[place[^1]] = value?.DeepClone();
        }

        try
        {
            return TrainingConfig.Parse(JsonSerializer.SerializeToUtf8Bytes(config));
        }
        catch (FormatException e)
        {
            throw new FormatException($"Cell '{cell.Name}': {e.Message}", e);
        }
    }

    private static IEnumerable<string> Problems(GridFile file)
    {
        if (file.Cells.Length is 0 or > MostCells)
        {
            yield return $"It has {file.Cells.Length} cells; it must have 1 to {MostCells}.";
        }

        if (file.Seeds.Length is 0 or > MostSeeds || file.Seeds.Any(s => s < 0) || file.Seeds.Distinct().Count() < file.Seeds.Length)
        {
            yield return $"seeds must be 1 to {MostSeeds} different whole numbers from 0 on.";
        }

        if (file.Evaluate.Set == DatasetSplit.Train)
        {
            yield return "evaluate.set must be validation or test.";
        }

        foreach (var share in file.Evaluate.MissingFaces.Where(s => !(s is > 0 and <= 1)))
        {
            yield return FormattableString.Invariant($"evaluate.missingFaces has {share}; shares are more than 0 to 1.");
        }

        foreach (var cell in file.Cells.Where(c => c.Name.Length is 0 or > LongestName || !char.IsAsciiLetterOrDigit(c.Name[0]) || c.Name[^1] is ' ' or '.' || c.Name.AsSpan().ContainsAnyExcept(NameCharacters)))
        {
            yield return $"The cell name '{cell.Name}' must begin with a letter or digit and have 1 to {LongestName} letters, digits, spaces and . , = + _ -, none of . and space at its end.";
        }

        foreach (var name in file.Cells.GroupBy(c => c.Name, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
        {
            yield return $"{name.Count()} cells are called '{name.Key}'.";
        }

        foreach (var cell in file.Cells.Where(c => c.Published is { } p && !(p.Accuracy is >= 0 and <= 1 && p.F1 is >= 0 and <= 1)))
        {
            yield return $"Cell '{cell.Name}': published values are 0 to 1.";
        }
    }

    private sealed record GridFile(JsonNode Base, ImmutableArray<long> Seeds, AblationScoring Evaluate, ImmutableArray<CellFile> Cells);

    private sealed record CellFile(string Name, JsonObject Set, PublishedScore? Published = null);
}
