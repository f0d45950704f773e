using System.Text;
using System.Text.Json.Nodes;
using ActorCluster.Tests.Telemetry;

namespace ActorCluster.Node.Tests.Telemetry;

public sealed class WatchedNodeTests(WatchedNode node) : IClassFixture<WatchedNode>
{
    private static readonly string[] OfEverySample = ["otel_scope_name", "otel_scope_version", "le"];

    [Fact]
    public void Scrape_NamesTypesAndLabels_AreTheContract()
    {
        var contract = MetricsContract.Read();

        Assert.Equal(contract.Keys.Order(StringComparer.Ordinal), node.Scrape.Keys.Order(StringComparer.Ordinal));
        Assert.All(node.Scrape.Values, family =>
        {
            var promised = contract[family.Name];
            Assert.Equal((family.Name, promised.Type), (family.Name, family.Type));
            Assert.All(family.Samples.SelectMany(s => s.Labels).Where(l => !OfEverySample.Contains(l.Key)), label =>
            {
                Assert.Contains(label.Key, promised.Labels.Keys);
                Assert.True(promised.Labels[label.Key].Count == 0 || promised.Labels[label.Key].Contains(label.Value), $"{family.Name}: {label}");
            });
        });
        Assert.StartsWith("text/plain", node.ContentType, StringComparison.Ordinal);
    }

    [Fact]
    public void Scrape_EveryPromisedLabelValueOfACounter_IsThereFromTheStart() => Assert.All(
        MetricsContract.Read().Values.Where(c => c.Type == "counter" && c.Name.StartsWith("actorcluster_", StringComparison.Ordinal)),
        promised => Assert.All(
            promised.Labels.SelectMany(l => l.Value, (label, value) => (label.Key, value)),
            label => Assert.Contains(node.Scrape[promised.Name].Samples, s => s.Labels.GetValueOrDefault(label.Key) == label.value)));

    [Fact]
    public void Scrape_NamesOfRunVideosAndNode_AreNoLabels()
    {
        Assert.All(
            node.Scrape.Values.Where(f => f.Name != "target_info").SelectMany(f => f.Samples).SelectMany(s => s.Labels.Values),
            value => Assert.False(value.Contains(".mp4", StringComparison.Ordinal) || value == WatchedNode.Run || value == node.Address, value));
        Assert.InRange(node.Scrape.Values.Sum(f => f.Samples.Count), 100, 700);
    }

    [Fact]
    public void Scrape_AfterARun_CountsWhatWasDone()
    {
        double Value(string name, params (string, string)[] labels) => node.Scrape["actorcluster_" + name].Value(labels);

        Assert.Equal((1, 1, 0), (Value("videos_ended_total", ("outcome", "completed")), Value("videos_ended_total", ("outcome", "quarantined")), Value("videos_ended_total", ("outcome", "cancelled"))));
        Assert.Equal((1, 0), (Value("videos_quarantined_total", ("stage", "probe")), Value("videos_quarantined_total", ("stage", "decode"))));
        Assert.Equal((node.Frames, node.Frames, node.Frames), (Value("frames_decoded_total"), Value("frames_encoded_total"), Value("frames_published_total")));
        Assert.True(node.Frames > 0 && node.Chunks.Started > 0);
        Assert.Equal(node.Chunks.Started, Value("chunks_started_total"));
        Assert.Equal((0, 0), (Value("chunks_redone_total"), Value("chunks_suspected_total")));
        Assert.True(Value("chunks_encoded_total", ("source", "computed")) > 0);
        Assert.Equal((0, 0, 1, 0, 1), (Value("videos_waiting"), Value("slots_used"), Value("cluster_members"), Value("cluster_unreachable"), Value("node_ready")));
        Assert.Equal((double)Environment.ProcessorCount, Value("slots"));
        Assert.True(Value("device_time_seconds_total", ("state", "busy")) > 0);
        Assert.True(node.Scrape["actorcluster_encode_duration_seconds"].Samples.Single(s => s.Name.EndsWith("_count", StringComparison.Ordinal)).Value > 0);
        Assert.True(node.Scrape["actorcluster_journal_write_duration_seconds"].Samples.Where(s => s.Name.EndsWith("_count", StringComparison.Ordinal)).All(s => s.Value > 0));
    }

    [Fact]
    public void Collector_Set_ReceivesMetricsAndTraces()
    {
        Assert.All(node.Collector.Received, r => Assert.Equal("application/x-protobuf", r.Type));
        Assert.Equal(["POST /v1/metrics", "POST /v1/traces"], node.Collector.Received.Select(r => r.Path).Distinct().Order(StringComparer.Ordinal));
        Assert.All(["actorcluster.frames.decoded", "actorcluster.device.time", "dotnet.gc.collections"], name => Assert.Contains(node.Collector.Received, r => r.Path.EndsWith("metrics", StringComparison.Ordinal) && Has(r.Body, name)));
        Assert.All(["chunk", "decode", "encode", "store", "fuse", "vote"], name => Assert.Contains(node.Collector.Received, r => r.Path.EndsWith("traces", StringComparison.Ordinal) && Has(r.Body, name)));
    }

    [Fact]
    public void Log_AsJson_IsObjectsWithNodeRunAndVideo()
    {
        var lines = node.Log.TrimEnd('\n').Split('\n').Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        Assert.All(lines, line => Assert.True(line.ContainsKey("time") && line.ContainsKey("level") && line.ContainsKey("message")));

        var quarantined = Assert.Single(lines, l => l["message"]!.GetValue<string>().Contains("is quarantined", StringComparison.Ordinal));

        Assert.Equal(("WRN", node.Address, WatchedNode.Run), (quarantined["level"]!.GetValue<string>(), quarantined["node"]!.GetValue<string>(), quarantined["run"]!.GetValue<string>()));
        Assert.Equal("broken %1B[31m%0A", quarantined["video"]!.GetValue<string>());
        Assert.DoesNotContain(node.Log, c => c != '\n' && char.IsControl(c));
        Assert.All(lines.SelectMany(l => l).Select(p => p.Value!.GetValue<string>()), text => Assert.DoesNotContain(text, char.IsControl));
    }

    [Fact]
    public void Readyz_BeforeTheFirstForwardPass_NamesIt()
    {
        Assert.All(node.NotReady, answer => Assert.Contains("has not done its first forward pass yet", answer, StringComparison.Ordinal));
    }

    private static bool Has(byte[] body, string text) => body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
}
