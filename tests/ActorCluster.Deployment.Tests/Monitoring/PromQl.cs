using System.Text.RegularExpressions;
using ActorCluster.Tests.Telemetry;

namespace ActorCluster.Deployment.Tests.Monitoring;

/// <summary>Holds an expression of Prometheus' query language against the contract of metrics: every name, and every label that it selects or groups by.</summary>
internal static partial class PromQl
{
    /// <summary>What Prometheus itself adds to what it scrapes.</summary>
    private static readonly string[] OfPrometheus = ["job", "instance", "le"];
    private static readonly string[] Functions = ["rate", "increase", "sum", "max", "min", "histogram_quantile"];
    private static readonly string[] Operators = ["and", "or", "unless", "by", "without", "on", "ignoring", "group_left", "group_right", "bool", "offset"];

    /// <summary>What is wrong with it; nothing when all is well.</summary>
    public static IReadOnlyList<string> Problems(string expression, IReadOnlyDictionary<string, MetricsContract> contract)
    {
        var problems = new List<string>();
        var labels = new HashSet<string>(OfPrometheus, StringComparer.Ordinal);
        var bare = Selector().Replace(expression, selector =>
        {
            var name = selector.Groups["name"].Value;
            if (Promised(name, contract) is not { } metric)
            {
                problems.Add($"there is no metric {name}");
                return " ";
            }

            labels.UnionWith(metric.Labels.Keys);
            foreach (Match matcher in Matcher().Matches(selector.Groups["matchers"].Value))
            {
                Check(metric, matcher.Groups["label"].Value, matcher.Groups["operator"].Value, matcher.Groups["value"].Value, problems);
            }

            var left = Matcher().Replace(selector.Groups["matchers"].Value, "").Replace(",", "", StringComparison.Ordinal);
            if (left.Trim().Length > 0)
            {
                problems.Add($"'{left}' is no matcher");
            }

            return " ";
        });
        bare = Grouping().Replace(bare, grouping =>
        {
            problems.AddRange(grouping.Groups["labels"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(l => !labels.Contains(l)).Select(l => $"nothing has a label {l}"));
            return " ";
        });
        bare = Range().Replace(bare, " ");
        problems.AddRange(Word().Matches(bare).Select(w => w.Value).Where(w => !Functions.Contains(w) && !Operators.Contains(w)).Select(w => $"'{w}' is no function and no metric"));
        if (expression.Count(c => c == '(') != expression.Count(c => c == ')'))
        {
            problems.Add("parentheses do not match");
        }

        return problems;
    }

    private static void Check(MetricsContract metric, string label, string comparison, string value, List<string> problems)
    {
        if (OfPrometheus.Contains(label))
        {
            return;
        }

        if (!metric.Labels.TryGetValue(label, out var values))
        {
            problems.Add($"{metric.Name} has no label {label}");
        }
        else if (comparison is "=" or "!=" && values.Count > 0 && !values.Contains(value))
        {
            problems.Add($"{metric.Name} has no {label} '{value}'");
        }
    }

    /// <summary>The metric that a series belongs to; only those of a histogram have a suffix, and only they are no series themselves.</summary>
    private static MetricsContract? Promised(string series, IReadOnlyDictionary<string, MetricsContract> contract)
    {
        if (series == "up")
        {
            return new MetricsContract("up", "gauge", new Dictionary<string, IReadOnlyList<string>>());
        }

        var histogram = contract.GetValueOrDefault(Suffix().Replace(series, ""));
        return histogram is { Type: "histogram" } && histogram.Name != series ? histogram : contract.GetValueOrDefault(series) is { Type: not "histogram" } metric ? metric : null;
    }

    [GeneratedRegex("""(?<name>\b(actorcluster_|dotnet_|http_server_|up\b|target_)\w*)(\s*\{(?<matchers>[^}]*)\})?""")]
    private static partial Regex Selector();

    [GeneratedRegex("""(?<label>\w+)\s*(?<operator>=~|!~|!=|=)\s*"(?<value>[^"]*)"\s*""")]
    private static partial Regex Matcher();

    [GeneratedRegex(@"\b(by|without|on|ignoring)\s*\((?<labels>[^)]*)\)")]
    private static partial Regex Grouping();

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex Range();

    [GeneratedRegex(@"\b[A-Za-z_]\w*")]
    private static partial Regex Word();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Suffix();
}
