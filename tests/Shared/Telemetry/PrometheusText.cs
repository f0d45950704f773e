using System.Globalization;
using System.Text.RegularExpressions;

namespace ActorCluster.Tests.Telemetry;

/// <summary>
/// Reads Prometheus' text format, version 0.0.4, and refuses what Prometheus would: a sample before its type, a family in two places, a series twice, a wrong name,
/// label, escape or number, buckets that shrink or do not end with the count.
/// </summary>
internal static partial class PrometheusText
{
    private static readonly string[] Types = ["counter", "gauge", "histogram", "summary", "untyped"];

    /// <summary>Reads a scrape.</summary>
    /// <exception cref="FormatException">It is wrong; says where.</exception>
    public static IReadOnlyDictionary<string, PrometheusFamily> Parse(string text)
    {
        if (!text.EndsWith('\n'))
        {
            throw new FormatException("The last line does not end.");
        }

        var families = new Dictionary<string, PrometheusFamily>(StringComparer.Ordinal);
        var series = new HashSet<string>(StringComparer.Ordinal);
        PrometheusFamily? current = null;
        foreach (var line in text.Split('\n')[..^1])
        {
            if (Comment().Match(line) is { Success: true } comment)
            {
                if (comment.Groups["kind"].Value == "TYPE")
                {
                    var (name, type) = (comment.Groups["name"].Value, comment.Groups["rest"].Value);
                    current = new PrometheusFamily(name, Types.Contains(type) ? type : throw new FormatException($"No type: {line}"), []);
                    if (!families.TryAdd(name, current))
                    {
                        throw new FormatException($"A family in two places: {line}");
                    }
                }
            }
            else if (line.Length > 0 && line[0] != '#')
            {
                var sample = Sample(line);
                if (current is null || !current.Has(sample.Name))
                {
                    throw new FormatException($"A sample that is not below its type: {line}");
                }

                if (!series.Add($"{sample.Name}{{{string.Join(',', sample.Labels.OrderBy(l => l.Key, StringComparer.Ordinal))}}}"))
                {
                    throw new FormatException($"A series twice: {line}");
                }

                current.Samples.Add(sample);
            }
        }

        foreach (var family in families.Values.Where(f => f.Type == "histogram"))
        {
            Check(family);
        }

        return families;
    }

    private static PrometheusSample Sample(string line)
    {
        if (SampleLine().Match(line) is not { Success: true } match)
        {
            throw new FormatException($"No sample: {line}");
        }

        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Match label in Label().Matches(match.Groups["labels"].Value))
        {
            if (!labels.TryAdd(label.Groups["name"].Value, Regex.Replace(label.Groups["value"].Value, @"\\(.)", m => m.Groups[1].Value == "n" ? "\n" : m.Groups[1].Value)))
            {
                throw new FormatException($"A label twice: {line}");
            }
        }

        var value = match.Groups["value"].Value switch
        {
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            "NaN" => double.NaN,
            var number => double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture),
        };
        return new PrometheusSample(match.Groups["name"].Value, labels, value);
    }

    private static void Check(PrometheusFamily histogram)
    {
        foreach (var one in histogram.Samples.GroupBy(s => string.Join(',', s.Labels.Where(l => l.Key != "le").OrderBy(l => l.Key, StringComparer.Ordinal))))
        {
            var buckets = one.Where(s => s.Name == histogram.Name + "_bucket").Select(s => s.Value).ToList();
            var infinite = one.SingleOrDefault(s => s.Labels.GetValueOrDefault("le") == "+Inf");
            if (infinite is null || infinite.Value != one.Single(s => s.Name == histogram.Name + "_count").Value || !buckets.Order().SequenceEqual(buckets) || !one.Any(s => s.Name == histogram.Name + "_sum"))
            {
                throw new FormatException($"Buckets, count and sum of {histogram.Name} do not belong together.");
            }
        }
    }

    [GeneratedRegex(@"^# (?<kind>HELP|TYPE) (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<rest>.*)$")]
    private static partial Regex Comment();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>([a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\[\\n"])*",?)*)\})? (?<value>[-+]?([0-9.]+([eE][-+]?[0-9]+)?|Inf)|NaN)( -?[0-9]+)?$""")]
    private static partial Regex SampleLine();

    [GeneratedRegex("""(?<name>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>([^"\\]|\\[\\n"])*)",?""")]
    private static partial Regex Label();
}
