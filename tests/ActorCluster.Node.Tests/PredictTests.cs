using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace ActorCluster.Node.Tests;

/// <summary>Videos that are uploaded to a real node.</summary>
public sealed partial class PredictTests
{
    [Fact]
    public async Task Predict_UploadedVideo_GivesTheBytesOfProcessAndLeavesNothing()
    {
        using var sandbox = new Sandbox();
        sandbox.Add((await Clips.ShortAsync())[0], "clip.mp4");
        (await ActorClusterProcess.RunAsync(sandbox.Process("--format", "both"))).Expect(0);
        var expected = sandbox.Predictions();
        sandbox.Data = sandbox.InFolder("node-data");
        using var node = ActorClusterProcess.Start(["node", "--data", sandbox.Data, "--operator-port", "0"]);
        using var http = await ClientAsync(node);

        var csv = await PredictAsync(http, Path.Combine(sandbox.Videos, "clip.mp4"), "?format=csv&pipeline=lite");
        var parquet = await PredictAsync(http, Path.Combine(sandbox.Videos, "clip.mp4"), "?format=parquet");
        var json = JsonNode.Parse(Encoding.UTF8.GetString(await PredictAsync(http, Path.Combine(sandbox.Videos, "clip.mp4"), "", asForm: true)))!;

        Assert.Equal(expected["clip.csv"], csv);
        Assert.Equal(expected["clip.parquet"], parquet);
        Assert.Equal("clip.mp4", json["video"]!.GetValue<string>());
        Assert.Equal(Encoding.UTF8.GetString(csv).Split('\n')[1..^1], json["rows"]!.AsArray().Select(CsvOf));
        await LeavesNothingAsync(sandbox, node);
        Assert.Equal("""{"runs":[]}""", await http.GetStringAsync("/v1/runs"));
        node.Terminate();
        Assert.DoesNotContain("predict", (await node.EndAsync()).Expect(0).Error);
        await sandbox.LeavesNothingBehindAsync();
    }

    [Theory]
    [InlineData("this is no video", "probe")]
    [InlineData("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n/etc/hostname\n#EXT-X-ENDLIST\n", "probe")]
    public async Task Predict_NoVideo_IsRefusedWithItsCauseAndLeavesNothing(string content, string stage)
    {
        using var sandbox = new Sandbox();
        using var node = ActorClusterProcess.Start(["node", "--data", sandbox.Data, "--operator-port", "0"]);
        using var http = await ClientAsync(node);

        using var response = await http.PostAsync("/v1/predict", new ByteArrayContent(Encoding.UTF8.GetBytes(content)) { Headers = { ContentType = new MediaTypeHeaderValue("video/mp4") } });
        var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

        Assert.True(response.StatusCode == HttpStatusCode.UnprocessableEntity, $"{response.StatusCode}: {problem}");
        Assert.Equal(stage, problem["stage"]!.GetValue<string>());
        Assert.NotEmpty(problem["cause"]!.GetValue<string>());
        await LeavesNothingAsync(sandbox, node);
        using var unknown = await http.PostAsync("/v1/predict?pipeline=nonsense", Body(Clips.Speaker));
        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
        Assert.Contains("There is no pipeline 'nonsense'. Shipped: lite", await DetailAsync(unknown));
    }

    [Fact]
    public async Task Predict_ClientGoesWhileItIsWorkedOn_IsGivenUpAndLeavesNothing()
    {
        using var sandbox = new Sandbox();
        using var node = ActorClusterProcess.Start(["node", "--data", sandbox.Data, "--operator-port", "0", "--slots", "1"], environment: HeldBack.InTheLastChunk());
        using var http = await ClientAsync(node);
        using (var gone = new CancellationTokenSource())
        {
            var asked = PredictAsync(http, (await Clips.LongAsync())[0], Query(sandbox), cancellation: gone.Token);
            await node.UntilAsync(() => sandbox.StoredUnits > 0, "it is at work");
            await gone.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        }

        await LeavesNothingAsync(sandbox, node);
        Assert.NotEmpty(await PredictAsync(http, (await Clips.ShortAsync())[0], ""));
    }

    [Fact]
    public async Task Predict_NodeKilledWhileItIsWorkedOn_LeavesNothingOnceItIsBack()
    {
        using var sandbox = new Sandbox();
        string[] arguments = ["node", "--data", sandbox.Data, "--operator-port", "0", "--slots", "1"];
        using (var first = ActorClusterProcess.Start(arguments, environment: HeldBack.InTheLastChunk()))
        {
            using var http = await ClientAsync(first);
            var asked = PredictAsync(http, (await Clips.LongAsync())[0], Query(sandbox));
            await first.UntilAsync(() => sandbox.StoredUnits > 0, "it is at work");
            first.Kill();
            await first.EndAsync();
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => asked);
        }

        Assert.Single(Directory.GetFiles(Path.Combine(sandbox.Data, "uploads")));
        using var second = ActorClusterProcess.Start(arguments);
        using var again = await ClientAsync(second);
        await LeavesNothingAsync(sandbox, second);
        Assert.NotEmpty(await PredictAsync(again, (await Clips.ShortAsync())[0], ""));
    }

    [Fact]
    public async Task Predict_MoreThanAllowedAtOnce_AreAskedToComeAgainAndTakenThen()
    {
        using var sandbox = new Sandbox();
        using var node = ActorClusterProcess.Start(
            ["node", "--data", sandbox.Data, "--operator-port", "0"], environment: new Dictionary<string, string> { ["ACTORCLUSTER__PREDICT__AT_ONCE"] = "2" });
        using var http = await ClientAsync(node);
        var clips = await Clips.LongAsync();

        var answers = await Task.WhenAll(clips.Select(clip => http.PostAsync("/v1/predict?format=csv", Body(clip))));

        Assert.All(answers, a => Assert.True(a.StatusCode is HttpStatusCode.OK or HttpStatusCode.TooManyRequests, $"{a.StatusCode}"));
        Assert.InRange(answers.Count(a => a.StatusCode == HttpStatusCode.OK), 2, clips.Length - 1);
        Assert.All(answers.Where(a => a.StatusCode == HttpStatusCode.TooManyRequests), a => Assert.NotNull(a.Headers.RetryAfter));
        Assert.NotEmpty(await PredictAsync(http, clips[0], ""));
        await LeavesNothingAsync(sandbox, node);
    }

    [Fact]
    public async Task Submit_UnderAPredictionsName_IsRefused()
    {
        using var sandbox = new Sandbox();
        sandbox.AddAll((await Clips.ShortAsync())[..1]);
        using var node = ActorClusterProcess.Start(["node", "--data", sandbox.Data, "--operator-port", "0"]);
        using var http = await ClientAsync(node);
        using var body = new StringContent($$"""{"inputs": ["{{sandbox.Videos}}"], "run": "predict-mine"}""", Encoding.UTF8, "application/json");

        using var refused = await http.PostAsync("/v1/runs", body);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("Names that begin with 'predict-' are kept", await DetailAsync(refused));
        Assert.Contains("'predict-' are kept", (await ActorClusterProcess.RunAsync(["process", sandbox.Videos, "--data", sandbox.InFolder("other"), "--run", "predict-mine"])).Expect(2).Error);
    }

    [Fact]
    public async Task Compare_TwoRealRuns_CountsEveryFrame()
    {
        using var sandbox = new Sandbox();
        sandbox.AddAll((await Clips.ShortAsync())[..2]);
        await File.WriteAllBytesAsync(Path.Combine(sandbox.Videos, "empty.mp4"), []);
        var other = sandbox.Pipeline("other", pipeline => pipeline["voting"]!["medianKernel"] = 1);
        using var node = ActorClusterProcess.Start(["node", "--data", sandbox.Data, "--operator-port", "0"]);
        using var http = await ClientAsync(node);
        foreach (var (run, pipeline) in ((string, string)[])[("first", "lite"), ("second", other)])
        {
            (await ActorClusterProcess.RunAsync(["run", "submit", sandbox.Videos, "--run", run, "--pipeline", pipeline, "--watch", "--node", http.BaseAddress!.Authority])).Expect(3);
        }

        var json = JsonNode.Parse(await http.GetStringAsync("/v1/compare?a=first&b=second"))!;

        Assert.Equal(("lite", "other"), (json["a"]!["pipeline"]!.GetValue<string>(), json["b"]!["pipeline"]!.GetValue<string>()));
        Assert.Equal((2, 2, 2 * Clips.Rate), (json["common"]!.GetValue<int>(), json["compared"]!.GetValue<int>(), json["frames"]!.GetValue<int>()));
        Assert.Equal(2, json["videos"]!.AsArray().Count);
        Assert.InRange(json["agreement"]!.GetValue<double>(), 0.1, 1);
    }

    private static async Task<string> DetailAsync(HttpResponseMessage response) => JsonNode.Parse(await response.Content.ReadAsStringAsync())!["detail"]!.GetValue<string>();

    private static string Query(Sandbox sandbox) => $"?pipeline={Uri.EscapeDataString(sandbox.OneSecondChunks())}";

    /// <summary>A row of the JSON answer as the CSV file has it.</summary>
    private static string CsvOf(JsonNode? row) => string.Join(
        ',',
        [
            $"{row!["frame"]}", Six(row["pts_seconds"]), $"{row["label"]}", .. row["p"]!.AsArray().Select(Six),
            .. ((string[])["face_present", "audio_present", "imputed", "decoded"]).Select(flag => row[flag]!.GetValue<bool>() ? "true" : "false"),
        ]);

    private static string Six(JsonNode? number) => number!.GetValue<decimal>().ToString("F6", System.Globalization.CultureInfo.InvariantCulture);

    private static ByteArrayContent Body(string video) => new(File.ReadAllBytes(video)) { Headers = { ContentType = new MediaTypeHeaderValue("video/mp4") } };

    private static async Task<byte[]> PredictAsync(HttpClient http, string video, string query, bool asForm = false, CancellationToken cancellation = default)
    {
        using HttpContent body = asForm ? new MultipartFormDataContent { { Body(video), "video", Path.GetFileName(video) } } : Body(video);
        using var response = await http.PostAsync("/v1/predict" + query, body, cancellation);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellation)}");
        return await response.Content.ReadAsByteArrayAsync(cancellation);
    }

    private static async Task<HttpClient> ClientAsync(ActorClusterProcess node)
    {
        await node.UntilAsync(() => UpLine().IsMatch(node.Output), "it says that it is up");
        var http = new HttpClient { BaseAddress = new Uri(UpLine().Match(node.Output).Groups["operator"].Value), Timeout = Eventually.Deadline };
        await node.UntilAsync(() => http.Send(new HttpRequestMessage(HttpMethod.Get, "/readyz")).StatusCode == HttpStatusCode.OK, "it is ready");
        return http;
    }

    /// <summary>No upload stays, no run's folder, and nothing of a run in the journal.</summary>
    private static Task LeavesNothingAsync(Sandbox sandbox, ActorClusterProcess node) => node.UntilAsync(
        () => Entries(sandbox, "uploads").Length == 0 && Entries(sandbox, "runs").Length == 0 && RowsOf(sandbox, "journal") == 0 && RowsOf(sandbox, "snapshot") == 0,
        "nothing is left of predictions");

    private static string[] Entries(Sandbox sandbox, string folder) =>
        Directory.Exists(Path.Combine(sandbox.Data, folder)) ? Directory.GetFileSystemEntries(Path.Combine(sandbox.Data, folder)) : [];

    private static long RowsOf(Sandbox sandbox, string table)
    {
        var file = Path.Combine(sandbox.Data, "state", table == "journal" ? "journal.db" : "snapshots.db");
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, Mode = SqliteOpenMode.ReadOnly }.ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT COUNT(*) FROM {table} WHERE persistence_id LIKE '%predict-%'";
        return (long)command.ExecuteScalar()!;
    }

    [GeneratedRegex(@"; operator (?<operator>http://127\.0\.0\.1:\d+)\n$")]
    private static partial Regex UpLine();
}
