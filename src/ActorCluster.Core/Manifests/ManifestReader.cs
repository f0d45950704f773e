using System.Text.Json;

namespace ActorCluster.Core.Manifests;

/// <summary>
/// Reads manifests, the lists of a run's videos. Only local files can be named. Nothing is taken from a manifest with a problem, and all problems are
/// reported by line. A byte order mark, CRLF and empty lines are tolerated; a field of <c>faces</c> or <c>labels</c> may be empty.
/// </summary>
public static class ManifestReader
{
    /// <summary>The most entries of a manifest.</summary>
    public const int MostEntries = 1_000_000;

    /// <summary>The most characters of an entry: a JSON line, or a CSV record.</summary>
    public const int LongestEntry = 64 * 1024;

    private static readonly string[] Columns = ["id", "uri", "faces", "labels"];

    /// <summary>
    /// Reads CSV as RFC 4180 describes it. The first line names the columns: <c>id</c> and <c>uri</c>, and if wanted <c>faces</c> and <c>labels</c>, in any order.
    /// </summary>
    /// <param name="reader">The manifest's text; read to its end, not closed.</param>
    /// <param name="baseFolder">The full path of the folder that relative paths start from.</param>
    /// <returns>The entries in order, with full paths.</returns>
    /// <exception cref="ManifestFormatException">The header, a record or an entry is wrong, an id occurs twice, or a limit is passed.</exception>
    public static IReadOnlyList<VideoEntry> ReadCsv(TextReader reader, string baseFolder)
    {
        var entries = new ManifestEntries(baseFolder);
        var csv = new CsvRecordReader(new ManifestText(reader), LongestEntry);
        if (ReadHeader(csv, entries) is not { } header)
        {
            return entries.Finish();
        }

        for (var more = true; more && csv.Read() is { } fields;)
        {
            if (csv.Problem is { } problem)
            {
                entries.Problem(csv.Line, problem);
            }
            else if (fields.Count != header.Count)
            {
                entries.Problem(csv.Line, $"it has {fields.Count} fields, but the header has {header.Count}; quote fields that hold a comma.");
            }
            else
            {
                more = entries.Add(csv.Line, Field("id") ?? "", Field("uri") ?? "", Field("faces"), Field("labels"));
            }

            string? Field(string column) => header.IndexOf(column) is >= 0 and var at ? fields[at] : null;
        }

        return entries.Finish();
    }

    /// <summary>
    /// Reads JSON lines: on each an object with the texts <c>id</c> and <c>uri</c>, and if wanted <c>faces</c> and <c>labels</c>.
    /// </summary>
    /// <param name="reader">The manifest's text; read to its end, not closed.</param>
    /// <param name="baseFolder">The full path of the folder that relative paths start from.</param>
    /// <returns>The entries in order, with full paths.</returns>
    /// <exception cref="ManifestFormatException">A line or an entry is wrong, an id occurs twice, or a limit is passed.</exception>
    public static IReadOnlyList<VideoEntry> ReadJsonl(TextReader reader, string baseFolder)
    {
        var entries = new ManifestEntries(baseFolder);
        var text = new ManifestText(reader);
        for (var more = true; more;)
        {
            var number = text.Line;
            var line = text.ReadLine(LongestEntry, out var tooLong);
            if (line is null)
            {
                break;
            }

            if (tooLong)
            {
                entries.Problem(number, $"it has more than {LongestEntry} characters. The rest was not read.");
                break;
            }

            more = string.IsNullOrWhiteSpace(line) || AddLine(entries, number, line);
        }

        return entries.Finish();
    }

    private static List<string>? ReadHeader(CsvRecordReader csv, ManifestEntries entries)
    {
        const string Expected = "the first line must name the columns id,uri and, if wanted, faces and labels";
        if (csv.Read() is not { } fields)
        {
            entries.Problem(1, $"the manifest is empty; {Expected}.");
            return null;
        }

        var wrong = csv.Problem
            ?? (fields.FirstOrDefault(column => !Columns.Contains(column)) is { } unknown ? $"the column \"{Shorten(unknown)}\" is not known; {Expected}."
            : fields.Distinct().Count() < fields.Count ? $"a column is named twice; {Expected}."
            : !fields.Contains("id") || !fields.Contains("uri") ? $"the columns id and uri are both needed; {Expected}."
            : null);
        if (wrong is null)
        {
            return [.. fields];
        }

        entries.Problem(csv.Line, wrong);
        return null;
    }

    private static bool AddLine(ManifestEntries entries, int number, string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                entries.Problem(number, "it is not a JSON object {…}.");
                return true;
            }

            var texts = new Dictionary<string, string?>();
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (Wrong(property, texts) is { } wrong)
                {
                    entries.Problem(number, wrong);
                    return true;
                }

                texts.Add(property.Name, property.Value.GetString());
            }

            return entries.Add(
                number, texts.GetValueOrDefault("id") ?? "", texts.GetValueOrDefault("uri") ?? "", texts.GetValueOrDefault("faces"), texts.GetValueOrDefault("labels"));
        }
        catch (JsonException e)
        {
            entries.Problem(number, $"it is not JSON (byte {e.BytePositionInLine}); write one object a line.");
        }
        catch (InvalidOperationException)
        {
            // JsonElement gives no string for an escaped lone surrogate.
            entries.Problem(number, "it holds a text that is not valid Unicode.");
        }

        return true;
    }

    private static string? Wrong(JsonProperty property, Dictionary<string, string?> known) =>
        !Columns.Contains(property.Name) ? $"the key \"{Shorten(property.Name)}\" is not known; id, uri, faces and labels are."
        : known.ContainsKey(property.Name) ? $"the key \"{property.Name}\" is given twice."
        : property.Value.ValueKind is JsonValueKind.String ? null
        : property.Value.ValueKind is JsonValueKind.Null && property.Name is "faces" or "labels" ? null
        : $"{property.Name} is not a text.";

    private static string Shorten(string text)
    {
        const int Longest = 60;
        return text.Length <= Longest ? text : text[..Longest] + "…";
    }
}
