using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ActorCluster.Core.Faults;
using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Videos;
using ActorCluster.Storage;

namespace ActorCluster.Operator.Tests.Api;

public sealed class VideoRoutesTests : ApiTest
{
    [Theory]
    [InlineData(WildId)]
    [InlineData("a")]
    [InlineData("sub/folder/a b+c.mp4")]
    [InlineData("..\\..\\etc")]
    [InlineData("../../../etc/passwd")]
    [InlineData("100%")]
    [InlineData("%2F")]
    [InlineData("%252F")]
    [InlineData("%zz")]
    [InlineData("?a=b&c#d")]
    [InlineData("日本語/ビデオ")]
    [InlineData("timeline")]
    [InlineData("a/media")]
    [InlineData("...")]
    [InlineData("😀;a=1")]
    public async Task Show_AnyId_IsFoundUnderItsEncodedForm(string id)
    {
        Add("other");
        Add(id);

        var (status, json) = await GetAsync(Video(id));

        Assert.Equal((HttpStatusCode.OK, id), (status, json["row"]!["id"]!.GetValue<string>()));
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(Video(id, "/media"))).Status); // The same video, whose file is not there.
        Assert.Contains($"'{id}'", (await GetAsync(Video(id, "/media"))).Json["detail"]!.GetValue<string>());
    }

    [Fact]
    public async Task Show_LongestIdOfLetters_FitsIntoARequest()
    {
        var id = new string('語', 512);
        Add(id);

        Assert.Equal(HttpStatusCode.OK, (await GetAsync(Video(id))).Status);
    }

    [Theory]
    [InlineData("/v1/runs/demo/videos/x/../secret")]
    [InlineData("/v1/runs/demo/videos/x/%2e%2e/secret")]
    [InlineData("/v1/x/../runs/demo/videos/secret")]
    [InlineData("/v1/runs/demo/./videos/secret")]
    public async Task Show_PathThatIsNotWhatItSays_IsNotFound(string path)
    {
        Add("secret");

        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(path)).Status);
    }

    [Fact]
    public async Task Show_Unknown_IsNotFoundWithTheNearestAndReflectsNoMarkup()
    {
        Add("spring");

        using var response = await Http.GetAsync(Video("sprng<script>"));
        var body = await response.Content.ReadAsStringAsync();

        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        Assert.DoesNotContain("<script>", body);
        Assert.Equal("spring", JsonNode.Parse(body)!["nearest"]![0]!.GetValue<string>());
    }

    [Fact]
    public async Task Show_Moments_AreText()
    {
        var at = new DateTime(2026, 11, 26, 14, 0, 0, 123, DateTimeKind.Utc).Ticks;
        Add("a");
        Runs.Videos[0] = Runs.Videos[0] with
        {
            Units = [new VideoUnit(0, "chunk 0", "working", 1, [new UnitAttempt(0, 1, "n1", at, 0, AttemptEnd.Running, "")])], Timeline = [new VideoHappening(at, "planned", "")],
        };

        var (_, json) = await GetAsync(Video("a"));

        Assert.Equal("2026-11-26T14:00:00.123Z", json["timeline"]![0]!["at"]!.GetValue<string>());
        var tried = json["units"]![0]!["tries"]![0]!;
        Assert.Equal(("2026-11-26T14:00:00.123Z", (JsonNode?)null, "running"), (tried["started_at"]!.GetValue<string>(), tried["ended_at"], tried["end"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Timeline_Completed_IsDrawn()
    {
        Add(WildId);
        await PublishAsync(WildId, csv: true, parquet: false);

        var (status, json) = await GetAsync(Video(WildId, "/timeline"));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal((3, 1, 0, 24), (json["frames"]!.GetValue<int>(), json["imputed"]!.GetValue<int>(), json["undecoded"]!.GetValue<int>(), json["columns"]!.GetValue<string>().Length));
        Assert.Equal((0.0, 0.12, 2.0 / 3), (json["start"]!.GetValue<double>(), Math.Round(json["end"]!.GetValue<double>(), 6), json["faces"]!.GetValue<double>()));
        Assert.Equal([1, 0, 0, 0, 2, 0, 0, 0], json["labels"]!.AsArray().Select(n => n!.GetValue<int>()));
    }

    [Theory]
    [InlineData(RunVideoState.Waiting, "it is waiting.")]
    [InlineData(RunVideoState.Quarantined, "it is quarantined, probe: No <b>stream</b>.")]
    [InlineData(RunVideoState.Completed, "are not there.")]
    public async Task TimelineAndPredictions_NoPredictions_AreNotFoundWithTheReason(RunVideoState state, string says)
    {
        Add("a", state);

        foreach (var path in new[] { "/timeline", "/predictions", "/predictions?format=csv", "/predictions?format=parquet" })
        {
            var (status, json) = await GetAsync(Video("a", path));
            Assert.Equal(HttpStatusCode.NotFound, status);
            Assert.EndsWith(says, json["detail"]!.GetValue<string>());
        }
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Predictions_AnyFormatWritten_AreSentInEveryFormat(bool csv, bool parquet)
    {
        Add("a");
        await PublishAsync("a", csv, parquet);

        var (_, json) = await GetAsync(Video("a", "/predictions"));
        Assert.Equal(("demo", "a", 3), (json["run"]!.GetValue<string>(), json["video"]!.GetValue<string>(), json["frames"]!.GetValue<int>()));
        Assert.Equal(
            """{"frame":3,"pts_seconds":0.08,"label":"Happiness","p":[0,0,0,0,0.123456,0.876544,0,0],"face_present":true,"audio_present":true,"imputed":false,"decoded":true}""", json["rows"]![2]!.ToJsonString());

        using var expected = new MemoryStream();
        PredictionCsv.Write(expected, ThreeFrames());
        Assert.Equal(Encoding.UTF8.GetString(expected.ToArray()), await Http.GetStringAsync(Video("a", "/predictions?format=csv")));

        using var read = new MemoryStream(await Http.GetByteArrayAsync(Video("a", "/predictions?format=parquet")));
        Assert.Equal(ThreeFrames().Probabilities, (await PredictionParquet.ReadAsync(read)).Probabilities);
    }

    [Theory]
    [InlineData("text/csv", "text/csv")]
    [InlineData("text/csv;q=0.5, application/json", "application/json")]
    [InlineData("application/vnd.apache.parquet", "application/vnd.apache.parquet")]
    [InlineData("image/png", "application/json")]
    [InlineData("*/*", "application/json")]
    public async Task Predictions_ByTheAcceptHeader_AreSentSo(string accept, string type)
    {
        Add("a");
        await PublishAsync("a", csv: true, parquet: true);
        using var request = new HttpRequestMessage(HttpMethod.Get, Video("a", "/predictions"));
        request.Headers.Add("Accept", accept);

        using var response = await Http.SendAsync(request);

        Assert.Equal((type, "Accept"), (response.Content.Headers.ContentType!.MediaType, response.Headers.Vary.Single()));
    }

    [Theory]
    [InlineData("json")]
    [InlineData("csv")]
    [InlineData("parquet")]
    public async Task Predictions_AnyId_AreSavedUnderASafeName(string format)
    {
        const string Id = "a\"; filename=evil.html\r\nX-Evil: 1 <b>/é.mp4";
        Add(Id);
        await PublishAsync(Id, csv: true, parquet: false);

        using var response = await Http.GetAsync(Video(Id, "/predictions?format=" + format));

        var disposition = response.Content.Headers.ContentDisposition!;
        Assert.Equal(("attachment", $"{OutputNames.FileStem(Id)}.{format}"), (disposition.DispositionType, disposition.FileNameStar));
        Assert.False(response.Headers.Contains("X-Evil"));
        Assert.DoesNotContain(disposition.FileName!, c => c is '/' or '\\' or '\r' or '\n' or '<');
    }

    [Fact]
    public async Task Predictions_FormatThatIsNone_IsRefused()
    {
        Add("a");

        Assert.Equal(HttpStatusCode.BadRequest, (await GetAsync(Video("a", "/predictions?format=xml"))).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?format=csv")]
    public async Task Predictions_Head_HasNoBody(string query)
    {
        Add("a");
        await PublishAsync("a", csv: true, parquet: false);

        using var response = await Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, Video("a", "/predictions" + query)));

        Assert.Equal((HttpStatusCode.OK, 0), (response.StatusCode, (await response.Content.ReadAsByteArrayAsync()).Length));
    }

    [Fact]
    public async Task Predictions_Damaged_AreTheEnvironmentsFault()
    {
        Add("a");
        await PublishAsync("a", csv: true, parquet: false);
        await File.WriteAllTextAsync(Host.Data.Run("demo").PredictionCsv("a"), "frame\n1\n");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await GetAsync(Video("a", "/predictions"))).Status);
    }

    [Fact]
    public async Task Any_DataFolderAway_IsTheEnvironmentsFault()
    {
        Add("a");
        File.Delete(Host.Data.Marker);

        foreach (var path in new[] { "/timeline", "/predictions", "/predictions?format=csv", "/boxes" })
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await GetAsync(Video("a", path))).Status);
        }
    }

    [Fact]
    public async Task Boxes_PipelineThatTakesTheWholeFrame_AreNotFoundWithTheReason()
    {
        Add("a");
        var folder = Host.Data.Run("demo");
        Directory.CreateDirectory(folder.Root);
        File.Copy(Path.Combine(AppContext.BaseDirectory, "configs", "pipelines", "rehearsal.json"), folder.Pipeline);

        var (status, json) = await GetAsync(Video("a", "/boxes"));

        Assert.Equal((HttpStatusCode.NotFound, "Run 'demo' detects no faces: its pipeline takes the whole frame."), (status, json["detail"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Any_EnvironmentFails_IsUnavailable()
    {
        Add("a");
        Runs.Failure = new EnvironmentFaultException("journal", "It is away.", "Wait.");

        foreach (var path in new[] { "", "/timeline", "/media", "/boxes" })
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await GetAsync(Video("a", path))).Status);
        }
    }
}
