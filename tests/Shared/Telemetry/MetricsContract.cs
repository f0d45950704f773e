using System.Text.RegularExpressions;

namespace ActorCluster.Tests.Telemetry;

/// <summary>What <c>docs/metrics.md</c> promises of one metric.</summary>
/// <param name="Name">Its name in Prometheus.</param>
/// <param name="Type">Its type.</param>
/// <param name="Labels">Its labels, each with the values that it can have; none where they are not listed.</param>
internal sealed partial record MetricsContract(string Name, string Type, IReadOnlyDictionary<string, IReadOnlyList<string>> Labels)
{
    /// <summary>Reads the table of metrics.</summary>
    public static IReadOnlyDictionary<string, MetricsContract> Read()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ActorCluster.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests do not run inside of the repository.");
        }

        return File.ReadLines(Path.Combine(folder.FullName, "docs", "metrics.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1])
            .Select(cells => new MetricsContract(Codes(cells[0]).Single(), cells[1], LabelsOf(cells[3])))
            .ToDictionary(c => c.Name, StringComparer.Ordinal);
    }

    private static Dictionary<string, IReadOnlyList<string>> LabelsOf(string cell) => cell.Split(';')
        .SelectMany(part => part.Contains(':', StringComparison.Ordinal)
            ? [(Name: Codes(part)[0], Values: (IReadOnlyList<string>)Codes(part)[1..])]
            : Codes(part).Select(name => (Name: name, Values: (IReadOnlyList<string>)[])))
        .ToDictionary(l => l.Name, l => l.Values, StringComparer.Ordinal);

    private static List<string> Codes(string text) => [.. Code().Matches(text).Select(m => m.Groups[1].Value)];

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
