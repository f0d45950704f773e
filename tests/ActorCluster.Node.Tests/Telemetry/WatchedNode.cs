using System.Net;
using System.Text.RegularExpressions;
using ActorCluster.Storage;
using ActorCluster.Tests.Telemetry;

namespace ActorCluster.Node.Tests.Telemetry;

/// <summary>One life of a real node that is watched in every way: scraped, with a collector, with a log of JSON lines. It does a run of a clip and of a broken file.</summary>
public sealed partial class WatchedNode : IAsyncLifetime
{
    internal const string Clip = "clip \u001b[31m.mp4";
    internal const string Broken = "broken \u001b[31m\n.mp4";
    internal const string Run = "test";

    /// <summary>What <c>/readyz</c> has said before it said that the node is ready.</summary>
    internal List<string> NotReady { get; } = [];

    internal string Text { get; private set; } = "";

    internal IReadOnlyDictionary<string, PrometheusFamily> Scrape { get; private set; } = null!;

    internal string ContentType { get; private set; } = "";

    internal string Log { get; private set; } = "";

    internal string Address { get; private set; } = "";

    internal long Frames { get; private set; }

    internal ChunkCounts Chunks { get; private set; } = null!;

    internal Collector Collector { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Collector = await Collector.StartAsync();
        using var sandbox = new Sandbox();
        sandbox.Add((await Clips.ShortAsync())[0], Clip);
        await File.WriteAllTextAsync(Path.Combine(sandbox.Videos, Broken), "no video");
        using var node = ActorClusterProcess.Start(
            ["node", "--data", sandbox.Data, "--operator-port", "0"],
            environment: new Dictionary<string, string> { ["ACTORCLUSTER__TELEMETRY__OTLP"] = Collector.Address.ToString(), ["ACTORCLUSTER__LOG__FORMAT"] = "json" });
        await node.UntilAsync(() => UpLine().IsMatch(node.Output), "it says that it is up");
        var (address, endpoint) = (UpLine().Match(node.Output).Groups["node"].Value, UpLine().Match(node.Output).Groups["operator"].Value);
        Address = address;
        using var http = new HttpClient { BaseAddress = new Uri($"http://{endpoint}") };
        await node.UntilAsync(() => IsReady(http), "it is ready");
        (await ActorClusterProcess.RunAsync(["run", "submit", sandbox.Videos, "--run", Run, "--pipeline", sandbox.OneSecondChunks(), "--watch", "--node", endpoint])).Expect(3);
        (Frames, Chunks) = (sandbox.Summary.Frames, sandbox.Summary.Chunks);
        using var answer = await http.GetAsync("/metrics");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        ContentType = answer.Content.Headers.ContentType!.ToString();
        Text = await answer.Content.ReadAsStringAsync();
        Scrape = PrometheusText.Parse(Text);
        node.Terminate();
        Log = (await node.EndAsync()).Expect(0).Error;
    }

    public async Task DisposeAsync() => await Collector.DisposeAsync();

    private bool IsReady(HttpClient http)
    {
        using var answer = http.Send(new HttpRequestMessage(HttpMethod.Get, "/readyz"));
        if (answer.StatusCode == HttpStatusCode.OK)
        {
            return true;
        }

        using var reader = new StreamReader(answer.Content.ReadAsStream());
        NotReady.Add(reader.ReadToEnd());
        return false;
    }

    [GeneratedRegex(@"^node (?<node>\S+) is up: .*; operator http://(?<operator>\S+)\n$")]
    private static partial Regex UpLine();
}
