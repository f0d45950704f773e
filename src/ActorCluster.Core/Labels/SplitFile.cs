using System.Collections.Immutable;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Manifests;

namespace ActorCluster.Core.Labels;

/// <summary>
/// Which videos are for training, validation and test: CSV with the header <c>id,split</c>, then a line per video, the split one of <c>train</c>, <c>validation</c>
/// and <c>test</c>. An id is the name of the video's label file without its extension.
/// </summary>
public sealed class SplitFile
{
    private const string Stage = "split";
    private const int LongestRecord = 4096;
    private static readonly string[] Header = ["id", "split"];
    private readonly Dictionary<string, DatasetSplit> splits;

    /// <summary>Makes a split.</summary>
    /// <param name="videos">The videos in the file's order, each once.</param>
    /// <exception cref="ArgumentException">An id is given twice.</exception>
    public SplitFile(IEnumerable<(string Id, DatasetSplit Split)> videos)
    {
        Videos = [.. videos];
        splits = Videos.ToDictionary(v => v.Id, v => v.Split, StringComparer.Ordinal);
    }

    /// <summary>The videos in the file's order.</summary>
    public ImmutableArray<(string Id, DatasetSplit Split)> Videos { get; }

    /// <summary>The base videos whose persons (<c>_left</c>, <c>_right</c>) are in different splits: what is learned from one then helps on the other.</summary>
    public ImmutableArray<string> Leaks =>
        [.. Videos.GroupBy(v => BaseVideo.Of(v.Id), StringComparer.Ordinal).Where(g => g.Select(v => v.Split).Distinct().Skip(1).Any()).Select(g => g.Key).Order(StringComparer.Ordinal)];

    /// <summary>The ids of one split, in the file's order.</summary>
    public ImmutableArray<string> Of(DatasetSplit split) => [.. Videos.Where(v => v.Split == split).Select(v => v.Id)];

    /// <summary>The split of a video; null when the file does not name it.</summary>
    public DatasetSplit? Find(string id) => splits.TryGetValue(id, out var split) ? split : null;

    /// <summary>Reads a split.</summary>
    /// <param name="reader">Where from, left open.</param>
    /// <param name="name">The file as faults name it.</param>
    /// <exception cref="InputFaultException">The content is not such a file; the cause names the line.</exception>
    public static SplitFile Read(TextReader reader, string name)
    {
        var csv = new CsvRecordReader(new ManifestText(reader), LongestRecord);
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        var videos = new List<(string, DatasetSplit)>();
        for (var header = true; csv.Read() is { } fields; header = false)
        {
            var problem = csv.Problem ?? (header ? HeaderProblem(fields) : Add(fields));
            if (problem is not null)
            {
                throw new InputFaultException(Stage, $"{name}, line {csv.Line}: {problem}");
            }
        }

        return videos.Count > 0 ? new SplitFile(videos) : throw new InputFaultException(Stage, $"{name} names no video; a line id,split is expected for each.");

        string? Add(IReadOnlyList<string> fields)
        {
            if (fields.Count != 2)
            {
                return $"it has {fields.Count} fields; id and split are expected.";
            }

            var (id, word) = (fields[0], fields[1].Trim());
            if (id.Length == 0)
            {
                return "the id is empty.";
            }

            if (!Enum.TryParse<DatasetSplit>(word, ignoreCase: true, out var split) || !char.IsAsciiLetter(word[0]))
            {
                return $"the split '{word}' is not one of train, validation and test.";
            }

            if (!lines.TryAdd(id, csv.Line))
            {
                return $"'{id}' is on line {lines[id]} already.";
            }

            videos.Add((id, split));
            return null;
        }
    }

    /// <summary>Writes the split as <see cref="Read"/> reads it, with LF line ends.</summary>
    /// <param name="writer">Where to, left open.</param>
    public void Write(TextWriter writer)
    {
        writer.Write("id,split\n");
        foreach (var (id, split) in Videos)
        {
            writer.Write(id.AsSpan().ContainsAny(",\"\r\n") || id != id.Trim() ? $"\"{id.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : id);
            writer.Write($",{split.ToString().ToLowerInvariant()}\n");
        }
    }

    private static string? HeaderProblem(IReadOnlyList<string> fields) =>
        fields.Select(f => f.Trim()).SequenceEqual(Header, StringComparer.OrdinalIgnoreCase) ? null : "the header id,split is expected.";
}
