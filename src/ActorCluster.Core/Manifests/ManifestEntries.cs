using System.Collections.Immutable;

namespace ActorCluster.Core.Manifests;

/// <summary>Collects a manifest's entries and everything that is wrong with them.</summary>
internal sealed class ManifestEntries(string baseFolder)
{
    private const int MostShown = 20;
    private const int LongestId = 512;

    private readonly List<VideoEntry> entries = [];
    private readonly Dictionary<string, int> linesById = new(StringComparer.Ordinal);
    private readonly ImmutableArray<ManifestProblem>.Builder problems = ImmutableArray.CreateBuilder<ManifestProblem>();
    private int problemCount;
    private int seen;

    /// <summary>What is wrong with an id, or null.</summary>
    public static string? CheckId(string id) =>
        id.Length is 0 or > LongestId ? $"has {id.Length} characters; 1 to {LongestId} are allowed"
        : id.Any(char.IsControl) ? "holds a control character"
        : UnicodeText.IsWellFormed(id) ? null
        : "is not valid Unicode";

    /// <summary>Adds an entry, or what is wrong with it.</summary>
    /// <returns>Whether another one fits.</returns>
    public bool Add(int line, string id, string uri, string? faces, string? labels)
    {
        if (seen++ == ManifestReader.MostEntries)
        {
            Problem(line, $"the manifest has more than {ManifestReader.MostEntries} entries; split it. The rest was not read.");
            return false;
        }

        if (CheckId(id) is { } wrong)
        {
            Problem(line, $"id {wrong}.");
        }
        else if (!linesById.TryAdd(id, line))
        {
            Problem(line, $"id \"{id}\" is that of line {linesById[id]} already; ids are unique.");
        }

        var entry = new VideoEntry(id, Resolve(line, "uri", uri) ?? "", ResolveOptional(line, "faces", faces), ResolveOptional(line, "labels", labels));
        if (problemCount == 0)
        {
            entries.Add(entry);
        }

        return true;
    }

    public void Problem(int line, string text)
    {
        problemCount++;
        if (problems.Count < MostShown)
        {
            problems.Add(new ManifestProblem(line, text));
        }
    }

    /// <summary>The entries in the manifest's order.</summary>
    /// <exception cref="ManifestFormatException">Something was wrong.</exception>
    public IReadOnlyList<VideoEntry> Finish() =>
        problemCount == 0 ? entries : throw new ManifestFormatException(problems.ToImmutable(), problemCount);

    private string? ResolveOptional(int line, string column, string? uri) => string.IsNullOrEmpty(uri) ? null : Resolve(line, column, uri);

    private string? Resolve(int line, string column, string uri)
    {
        if (LocalPath.Resolve(uri, baseFolder, out var path) is not { } wrong)
        {
            return path;
        }

        Problem(line, $"{column} {wrong}.");
        return null;
    }
}
