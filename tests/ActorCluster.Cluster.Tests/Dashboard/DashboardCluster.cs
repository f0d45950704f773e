using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ActorCluster.Core;
using ActorCluster.Node.Tests;
using Microsoft.Playwright;

namespace ActorCluster.Cluster.Tests.Dashboard;

/// <summary>
/// Three nodes with runs to look at, and a browser: two runs that have ended, of different pipelines on the same short videos, one of which is no video; one
/// at work, slowly; and one of very many videos, which is paused. Made once for all tests of pages.
/// </summary>
public sealed class DashboardCluster : IAsyncLifetime
{
    /// <summary>The shipped pipeline's run, which has ended.</summary>
    public const string First = "spring-lite";

    /// <summary>The run of a pipeline that takes the encoder at its word, on the same videos; it has ended, too.</summary>
    public const string Second = "spring-raw";

    /// <summary>The run at work.</summary>
    public const string AtWork = "summer";

    /// <summary>The run of very many videos.</summary>
    public const string Large = "everything";

    /// <summary>How many videos that run has.</summary>
    public const int LargeVideos = 100_000;

    /// <summary>A talking head.</summary>
    public const string Talking = "hello-crop";

    /// <summary>The one that is no video, by a name that is no harm as a text.</summary>
    public const string Broken = "<b>x</b>.mp4";

    /// <summary>Videos of the two runs that have ended, the broken one left out.</summary>
    public const int Videos = 22;

    /// <summary>What the run at work has to do beside: enough for as long as the tests may take.</summary>
    private const int Copies = 250;

    private static readonly string Configs = Path.Combine(AppContext.BaseDirectory, "configs");
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Starts nothing yet.</summary>
    /// <param name="work">The collection's videos, which are not looked at here.</param>
    public DashboardCluster(Workload work) => Cluster = new ClusterHarness(work, "a", "b", "c");

    /// <summary>The browser.</summary>
    internal IBrowser Browser => _browser!;

    /// <summary>Where the pages are, on one of the nodes.</summary>
    internal Uri Address => new($"http://{Cluster.Nodes.Last().Operator}");

    /// <summary>The nodes' names as pages show them.</summary>
    internal IReadOnlyList<string> Nodes => [.. Cluster.Nodes.Select(n => n.Address)];

    private HttpClient Http { get; } = new() { Timeout = Eventually.Deadline };

    private ClusterHarness Cluster { get; }

    private string Folder => Path.Combine(Cluster.Root, "videos");

    private string Talker => Path.Combine(Folder, "hello-crop.mp4");

    private string Portrait => Path.Combine(Folder, "astronaut-speech.mp4");

    public async Task InitializeAsync()
    {
        await Cluster.StartPostgresAsync();
        await Task.WhenAll(StartNodesAsync(), StartBrowserAsync());
        var (spring, summer) = await WriteManifestsAsync();
        var rehearsal = await WriteRehearsalAsync();
        await SubmitAsync(First, "lite", spring);
        await SubmitAsync(Large, rehearsal, await WriteLargeManifestAsync());
        await CommandAsync("run", "pause", ["run", Large]);
        await UntilAsync(First, run => (bool)run["is_completed"]!);
        await SubmitAsync(Second, await WriteRawAsync(), spring);
        await UntilAsync(Second, run => (bool)run["is_completed"]!);
        await UntilAsync(Large, run => (int)run["registered"]! == LargeVideos);
        await SubmitAsync(AtWork, rehearsal, summer);
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        Http.Dispose();
        await Cluster.DisposeAsync();
    }

    /// <summary>What the API answers.</summary>
    internal async Task<JsonNode> AskAsync(string path) => JsonNode.Parse(await Http.GetStringAsync(new Uri(Address, path)))!;

    /// <summary>Waits until the API tells that a run is so.</summary>
    internal async Task<JsonNode> UntilAsync(string run, Func<JsonNode, bool> condition)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        JsonNode progress;
        do
        {
            Assert.True(await look.WaitForNextTickAsync(deadline.Token), Cluster.Logs);
            progress = await AskAsync($"/v1/runs/{run}");
        }
        while (!condition(progress));
        return progress;
    }

    /// <summary>Waits until so much time has passed.</summary>
    internal Task UntilPassedAsync(TimeSpan time) => Cluster.UntilPassedAsync(time);

    /// <summary>How many attempts at units of work a run has begun.</summary>
    internal async Task<int> AttemptsAsync(string run)
    {
        var attempts = 0;
        foreach (var video in (await AskAsync($"/v1/runs/{run}/videos?take=500"))["rows"]!.AsArray().Where(video => (string?)video!["state"] != "waiting"))
        {
            var detail = await AskAsync($"/v1/runs/{run}/videos/{Uri.EscapeDataString((string)video!["id"]!)}");
            attempts += detail["units"]!.AsArray().Sum(unit => unit!["tries"]!.AsArray().Count);
        }

        return attempts;
    }

    private async Task StartNodesAsync()
    {
        await Cluster.StartNodeAsync("a");
        await Task.WhenAll(Cluster.StartNodeAsync("b"), Cluster.StartNodeAsync("c"));
        await ClusterHarness.UntilMembersAsync(Cluster.Nodes.Last(), 3);
    }

    private async Task StartBrowserAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Chromium() });
    }

    private static string Chromium() =>
        new[] { "chromium", "chromium-browser", "google-chrome" }.SelectMany(name => Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists) ?? throw new InvalidOperationException("Chromium is not installed; tests/install.sh does it.");

    private async Task SubmitAsync(string run, string pipeline, params string[] inputs)
    {
        using var answer = await Http.PostAsJsonAsync(new Uri(Address, "/v1/runs"), new { inputs, pipeline, run });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task CommandAsync(string palette, string command, params string[][] arguments)
    {
        using var answer = await Http.PostAsJsonAsync(new Uri(Address, "/v1/commands"), new { palette, command, arguments });
        Assert.Contains("\"exit_code\":0", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>Both sample clips with labels, and cuts of them of different length; and those cuts with many copies of one.</summary>
    private async Task<(string Spring, string Summer)> WriteManifestsAsync()
    {
        var folder = Directory.CreateDirectory(Folder).FullName;
        var spring = new List<string>();
        foreach (var (path, frames) in new[] { (Talker, 249), (Portrait, 125) })
        {
            File.Copy(Path.Combine(Configs, "samples", Path.GetFileName(path)), path);
            var labels = Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(path)}.txt");
            await File.WriteAllLinesAsync(labels, [string.Join(',', Expressions.Names), .. Enumerable.Range(0, frames).Select(frame => (frame * 4 / frames) switch { 0 or 2 => "0", 1 => "4", _ => "6" })]);
            spring.Add($"{Path.GetFileNameWithoutExtension(path)},{path},{labels}");
        }

        var takes = new List<string>();
        for (var i = spring.Count; i < Videos; i++)
        {
            var path = Path.Combine(folder, $"take-{i}.mp4");
            await Tool.RunAsync("ffmpeg", "-loglevel", "error", "-i", i % 2 == 0 ? Talker : Portrait, "-t", (0.4 + (0.1 * i)).ToString("F1", CultureInfo.InvariantCulture), "-c", "copy", path);
            takes.Add($"takes/take {i},{path},");
        }

        var broken = Path.Combine(folder, "broken.mp4");
        await File.WriteAllTextAsync(broken, "This is no video.");
        takes.Add($"{Broken},{broken},");

        // Each copy has a box more at its end that says nothing, so that it is a video of its own.
        var take = await File.ReadAllBytesAsync(Path.Combine(folder, "take-2.mp4"));
        var copies = new List<string>();
        for (var i = 0; i < Copies; i++)
        {
            var path = Path.Combine(folder, $"copy-{i}.mp4");
            await File.WriteAllBytesAsync(path, [.. take, 0, 0, 0, 9, .. "free"u8, (byte)i]);
            copies.Add($"copies/{i},{path},");
        }

        return (await WriteAsync("spring.csv", ["id,uri,labels", .. spring, .. takes]), await WriteAsync("summer.csv", ["id,uri,labels", .. takes, .. copies]));
    }

    private Task<string> WriteLargeManifestAsync() => WriteAsync("large.csv", ["id,uri", .. Enumerable.Range(0, LargeVideos).Select(i => $"v{i},{Portrait}")]);

    /// <summary>The shipped pipeline with an even prior and without smoothing: everything up to the encoder's features is the same.</summary>
    private async Task<string> WriteRawAsync()
    {
        var pipeline = await PipelineAsync("lite");
        pipeline["name"] = "raw";
        foreach (var (part, model) in new[] { ("faces", "blazeface-front-128.onnx"), ("visual", "face-expression-net.onnx") })
        {
            pipeline[part]!["model"] = Path.Combine(Configs, "models", model);
        }

        foreach (var (name, _) in pipeline["head"]!["prior"]!.AsObject().ToList())
        {
            pipeline["head"]!["prior"]![name] = 1.0 / Expressions.Count;
        }

        (pipeline["head"]!["temperature"], pipeline["voting"]!["medianKernel"]) = (1, 1);
        return await WriteAsync("raw.json", [pipeline.ToJsonString()]);
    }

    /// <summary>A quarter of a second a frame, and chunks so short that a pause is soon obeyed.</summary>
    private async Task<string> WriteRehearsalAsync()
    {
        var pipeline = await PipelineAsync("rehearsal");
        pipeline["chunkSeconds"] = 1;
        (pipeline["visual"]!["batch"], pipeline["visual"]!["batchSeconds"]) = (4, 1);
        return await WriteAsync("rehearsal.json", [pipeline.ToJsonString()]);
    }

    private static async Task<JsonNode> PipelineAsync(string name) => JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Configs, "pipelines", $"{name}.json")))!;

    private async Task<string> WriteAsync(string name, IEnumerable<string> lines)
    {
        var path = Path.Combine(Cluster.Root, name);
        await File.WriteAllLinesAsync(path, lines);
        return path;
    }
}
