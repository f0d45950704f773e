using System.Net;
using System.Text.Json.Nodes;
using ActorCluster.Core;
using ActorCluster.Processing.Runs;
using ActorCluster.Storage;
using ActorCluster.Tests;

namespace ActorCluster.Operator.Tests.Api;

/// <summary>A real server over runs and nodes that say what a test has them say.</summary>
public abstract class ApiTest : IAsyncLifetime
{
    /// <summary>An id of which every part of a program that reads, writes or shows it can go wrong.</summary>
    public const string WildId = "a/../b \"c\" 100%2F <img src=x onerror=alert(1)>'é\u202e.mp4";

    private protected OperatorHost Host { get; private set; } = null!;

    private protected HttpClient Http { get; } = new();

    private protected HandWrittenRuns Runs => Host.Runs;

    private protected HandWrittenNodes Nodes { get; } = new();

    public async Task InitializeAsync()
    {
        Host = await OperatorHost.StartAsync(runs: new HandWrittenRuns { Control = Nodes });
        Runs.Runs["demo"] = HandWrittenRuns.Progress("demo");
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await Host.DisposeAsync();
    }

    /// <summary>The address of a path as it is written, without what clients make of it.</summary>
    private protected Uri Address(string path) => new(Host.Address.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    /// <summary>The address of a video, encoded as browsers do it.</summary>
    private protected Uri Video(string id, string rest = "") => Address($"/v1/runs/demo/videos/{Uri.EscapeDataString(id)}{rest}");

    private protected Task<(HttpStatusCode Status, JsonNode Json)> GetAsync(string path) => GetAsync(Address(path));

    private protected async Task<(HttpStatusCode Status, JsonNode Json)> GetAsync(Uri address)
    {
        using var response = await Http.GetAsync(address);
        Assert.Equal(response.IsSuccessStatusCode ? "application/json" : "application/problem+json", response.Content.Headers.ContentType!.MediaType);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    /// <summary>Adds a video to what the runs tell.</summary>
    private protected void Add(string id, RunVideoState state = RunVideoState.Completed, string uri = "/nowhere/at-all.mp4") => Runs.Videos.Add(new VideoDetail(
        new VideoRow(Runs.Videos.Count, id, state, state == RunVideoState.Quarantined ? "probe" : "", state == RunVideoState.Quarantined ? "No <b>stream</b>." : "", 3, 3, 0.12, 1.5, 1),
        uri, 1, "ab", [], [], [], [], []));

    /// <summary>Three frames, the first without a face.</summary>
    private protected static FramePredictions ThreeFrames() => new(
        [0, 0.04, 0.08],
        [Expression.Neutral, Expression.Happiness, Expression.Happiness],
        [1, 0, 0, 0, 0, 0, 0, 0, 0.25, 0, 0, 0, 0.75, 0, 0, 0, 0, 0, 0, 0, 0.123456, 0.876544, 0, 0],
        [FrameFlags.Decoded | FrameFlags.Imputed, FrameFlags.Decoded | FrameFlags.FacePresent, FrameFlags.Decoded | FrameFlags.FacePresent | FrameFlags.AudioPresent]);

    /// <summary>Publishes predictions of a video in some formats.</summary>
    private protected async Task PublishAsync(string id, bool csv, bool parquet)
    {
        var folder = Host.Data.Run("demo");
        Directory.CreateDirectory(folder.Predictions);
        if (csv)
        {
            await using var file = File.Create(folder.PredictionCsv(id));
            PredictionCsv.Write(file, ThreeFrames());
        }

        if (parquet)
        {
            await using var file = File.Create(folder.PredictionParquet(id));
            await PredictionParquet.WriteAsync(file, ThreeFrames());
        }
    }
}
