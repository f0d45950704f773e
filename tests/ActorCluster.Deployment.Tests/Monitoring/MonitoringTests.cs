using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ActorCluster.Tests.Telemetry;
using YamlDotNet.RepresentationModel;

namespace ActorCluster.Deployment.Tests.Monitoring;

/// <summary>
/// The Grafana dashboard and the alert rules ask for what a node says: every name and label is in the contract, which another test holds against the scrape of a real
/// node.
/// </summary>
public sealed class MonitoringTests
{
    private static readonly IReadOnlyDictionary<string, MetricsContract> Contract = MetricsContract.Read();
    private static readonly JsonNode Dashboard = JsonNode.Parse(RepositoryFiles.Text("deploy", "grafana", "dashboard.json"))!;

    public static TheoryData<string, string> Wrong => new()
    {
        { "actorcluster_frames_total", "there is no metric actorcluster_frames_total" },
        { "rate(actorcluster_store_duration_seconds[5m])", "there is no metric actorcluster_store_duration_seconds" },
        { "actorcluster_frames_decoded_total_sum", "there is no metric actorcluster_frames_decoded_total_sum" },
        { "actorcluster_runs{state=\"paused\"}", "actorcluster_runs has no label state" },
        { "actorcluster_runs{phase=\"stopped\"}", "actorcluster_runs has no phase 'stopped'" },
        { "sum by (run) (actorcluster_runs)", "nothing has a label run" },
        { "summe(actorcluster_runs)", "'summe' is no function and no metric" },
        { "sum(actorcluster_runs", "parentheses do not match" },
    };

    private static IEnumerable<JsonNode> Panels => Dashboard["panels"]!.AsArray().Select(p => p!);

    private static IEnumerable<string> DashboardExpressions => Panels.Where(p => p["type"]!.GetValue<string>() != "row").SelectMany(p => p["targets"]!.AsArray()).Select(t => t!["expr"]!.GetValue<string>());

    /// <summary>The series whose values can be chosen from, in <c>label_values(series, label)</c>.</summary>
    private static IEnumerable<string> Variables => Dashboard["templating"]!["list"]!.AsArray().Where(v => v!["type"]!.GetValue<string>() == "query")
        .Select(v => Regex.Match(v!["query"]!.GetValue<string>(), @"^label_values\((.+), (job|instance)\)$").Groups[1].Value);

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Problems_WrongExpression_AreFound(string expression, string says) => Assert.Equal([says], PromQl.Problems(expression, Contract));

    [Fact]
    public void Dashboard_EveryExpression_IsInTheContract()
    {
        Assert.DoesNotContain("", Variables);
        Assert.All(DashboardExpressions, e => Assert.Empty(PromQl.Problems(e, Contract)));
        Assert.All(Variables, v => Assert.Empty(PromQl.Problems(v, Contract)));
    }

    [Fact]
    public void Dashboard_Rows_AreWhatAnOperatorAsks() => Assert.Equal(
        ["Throughput", "What binds", "Devices", "Videos and failures", "Membership", "Journal and store"],
        Panels.Where(p => p["type"]!.GetValue<string>() == "row").Select(p => p["title"]!.GetValue<string>()));

    [Fact]
    public void Dashboard_Panels_HaveIdsAndPlacesOfTheirOwn()
    {
        Assert.Equal(Panels.Count(), Panels.Select(p => p["id"]!.GetValue<int>()).Distinct().Count());
        var places = Panels.SelectMany(p => Cells(p["gridPos"]!)).ToList();
        Assert.Equal(places.Count, places.Distinct().Count());
        Assert.All(places, place => Assert.InRange(place.X, 0, 23));
    }

    [Fact]
    public void Dashboard_OwnMetrics_AreAllShownOrAlertedOn()
    {
        var asked = string.Join(' ', DashboardExpressions.Concat(Alerts().Select(a => a.Expression)));

        Assert.All(Contract.Keys.Where(n => n.StartsWith("actorcluster_", StringComparison.Ordinal) && n != "actorcluster_staging_queue"), name => Assert.Contains(name, asked, StringComparison.Ordinal));
    }

    [Fact]
    public void Alerts_EveryExpression_IsInTheContract()
    {
        var alerts = Alerts();

        Assert.All(alerts, a => Assert.True(PromQl.Problems(a.Expression, Contract) is [], $"{a.Name}: {string.Join("; ", PromQl.Problems(a.Expression, Contract))}"));
        Assert.Equal(alerts.Count, alerts.Select(a => a.Name).Distinct().Count());
        Assert.All(alerts, a => Assert.True(a.Summary.Length > 0 && a.Description.Length > 0 && a.Severity is "info" or "warning" or "critical", a.Name));
    }

    [Theory]
    [InlineData("NotReady")]
    [InlineData("NoProgress")]
    [InlineData("ManyQuarantined")]
    [InlineData("StoreAway")]
    [InlineData("DeviceWaitsForDecode")]
    [InlineData("MembersUnreachable")]
    [InlineData("ManyRedone")]
    [InlineData("JournalFails")]
    public void Alerts_WhatAnOperatorMustHearOf_AreThere(string name) => Assert.Contains(Alerts(), a => a.Name.EndsWith(name, StringComparison.Ordinal));

    private static IEnumerable<(int X, int Y)> Cells(JsonNode place)
    {
        var (x, y) = (place["x"]!.GetValue<int>(), place["y"]!.GetValue<int>());
        return Enumerable.Range(x, place["w"]!.GetValue<int>()).SelectMany(_ => Enumerable.Range(y, place["h"]!.GetValue<int>()), (column, line) => (column, line));
    }

    private static List<(string Name, string Expression, string Severity, string Summary, string Description)> Alerts()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(RepositoryFiles.Text("deploy", "grafana", "alerts.yaml")));
        return [.. yaml.Documents[0].RootNode["groups"].Children().SelectMany(g => g["rules"].Children()).Select(rule =>
            (rule["alert"].ToString(), rule["expr"].ToString(), rule["labels"]["severity"].ToString(), rule["annotations"]["summary"].ToString(), rule["annotations"]["description"].ToString()))];
    }
}
