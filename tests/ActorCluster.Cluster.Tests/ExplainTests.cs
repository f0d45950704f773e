using System.Text.Json.Nodes;
using ActorCluster.Node.Tests;
using Xunit.Abstractions;

namespace ActorCluster.Cluster.Tests;

/// <summary>What binds a run is staged in a real node, and <c>run explain</c> must find it.</summary>
public sealed class ExplainTests(Workload work, ITestOutputHelper output) : ScenarioTests(work, output)
{
    /// <summary>How long the run works before it is asked about, in blocks of ten seconds.</summary>
    private const int Blocks = 1;

    [Fact]
    public async Task Explain_EncoderIsSlow_NamesTheDevice()
    {
        await using var cluster = await StartAsync();
        await cluster.SubmitAsync(slowly: true);
        var lines = await ExplainAsync(cluster);
        Assert.StartsWith("Bound by the device. The device was busy ", lines[1], StringComparison.Ordinal);
        Assert.Contains("Start another node with the role gpu", lines[4], StringComparison.Ordinal);
    }

    [Fact]
    [Trait(Category, Chaos)]
    public async Task Explain_StoreIsSlow_NamesTheStore()
    {
        await using var cluster = await StartAsync(c =>
        {
            c.Environment["ACTORCLUSTER_PAUSE"] = "written@.safetensors";
            c.Environment["ACTORCLUSTER_PAUSE_SECONDS"] = "4";
        });
        await cluster.SubmitAsync();
        var lines = await ExplainAsync(cluster);
        Assert.StartsWith("Bound by the store. The device was busy ", lines[1], StringComparison.Ordinal);
        Assert.Contains("faster storage", lines[4], StringComparison.Ordinal);
    }

    [Fact]
    [Trait(Category, Chaos)]
    public async Task Explain_VideosAreLarge_NamesDecoding()
    {
        await using var cluster = await StartAsync();
        var videos = await LargeVideosAsync(cluster);
        var pipeline = JsonNode.Parse(await File.ReadAllTextAsync(Work.Pipeline))!;
        pipeline["visual"]!["batchSeconds"] = 0.001;
        var path = Path.Combine(cluster.Root, "quick.json");
        await File.WriteAllTextAsync(path, pipeline.ToJsonString());
        (await ActorClusterProcess.RunAsync(["run", "submit", videos, "--run", Workload.Run, "--pipeline", path, "--node", cluster.Nodes.First().Operator])).Expect(0);
        var lines = await ExplainAsync(cluster);
        Assert.StartsWith("Bound by decoding. The device was busy ", lines[1], StringComparison.Ordinal);
        Assert.Contains(Environment.ProcessorCount > 2 ? "node slots" : "decode_slots", lines[4], StringComparison.Ordinal);
    }

    private async Task<ClusterHarness> StartAsync(Action<ClusterHarness>? prepare = null)
    {
        var cluster = new ClusterHarness(Work, "a");
        await cluster.StartPostgresAsync();
        prepare?.Invoke(cluster);
        await cluster.StartNodeAsync("a");
        return cluster;
    }

    /// <summary>Asks once the run has worked for a while.</summary>
    private async Task<List<string>> ExplainAsync(ClusterHarness cluster)
    {
        await using var observer = await Observer.JoinAsync(cluster);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while ((await observer.Control.PaceAsync(Workload.Run)).Rates.Length < Blocks)
        {
            Assert.False(cluster.HasEnded, $"The run ended before it was asked about.\n{cluster.Logs}");
            await timer.WaitForNextTickAsync(deadline.Token);
        }

        var lines = await observer.ExplainAsync(Workload.Run);
        lines.ForEach(Say);
        Assert.Equal(5, lines.Count);
        Assert.StartsWith($"Run {Workload.Run} is running: ", lines[0], StringComparison.Ordinal);
        return lines;
    }

    /// <summary>Videos that take much longer to decode than to look at: one film, each time with a box more at its end that says nothing.</summary>
    private static async Task<string> LargeVideosAsync(ClusterHarness cluster)
    {
        var folder = Directory.CreateDirectory(Path.Combine(cluster.Root, "large")).FullName;
        var film = Path.Combine(cluster.Root, "film.mp4");
        await Tool.RunAsync("ffmpeg", ["-loglevel", "error", "-f", "lavfi", "-i", "testsrc2=size=1920x1080:rate=25:duration=30", "-c:v", "libx264", "-preset", "ultrafast", "-g", "125", "-an", film]);
        var content = await File.ReadAllBytesAsync(film);
        for (var i = 0; i < 30; i++)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, $"large-{i}.mp4"), [.. content, .. Enumerable.Repeat<byte[]>([0, 0, 0, 8, .. "free"u8], i).SelectMany(box => box)]);
        }

        return folder;
    }
}
