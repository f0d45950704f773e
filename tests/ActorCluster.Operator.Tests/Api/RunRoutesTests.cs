using System.Net;
using System.Text.Json.Nodes;
using ActorCluster.Processing.Control;
using ActorCluster.Processing.Runs;

namespace ActorCluster.Operator.Tests.Api;

public sealed class RunRoutesTests : ApiTest
{
    [Fact]
    public async Task Pace_OfARun_IsToldAsItIs()
    {
        Nodes.Pace = new RunPace("", 10, [1.5, 2.5], 3, 60, 5, [new StageCount("encode", 2)], [new VideoPace("a", "encode", 4, 10, 7, 3)]);

        var (status, json) = await GetAsync("/v1/runs/demo/pace");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            """{"run":"demo","block_seconds":10,"rates":[1.5,2.5],"known_videos":3,"seconds_left":60,"seconds_left_error":5,"stages":[{"stage":"encode","videos":2}],"slowest":[{"id":"a","stage":"encode","frames_done":4,"frames":10,"seconds":7,"still_seconds":3}]}""",
            json.ToJsonString());
    }

    [Fact]
    public async Task Explanation_OfARun_HasFiveLines()
    {
        var (status, json) = await GetAsync("/v1/runs/demo/explanation");

        Assert.Equal((HttpStatusCode.OK, "no_nodes", 5), (status, json["binding"]!.GetValue<string>(), json["lines"]!.AsArray().Count));
        Assert.Contains("Bound by nodes", json["lines"]![1]!.GetValue<string>());
    }

    [Fact]
    public async Task Totals_OfARun_NameTheirClasses()
    {
        Runs.Totals = new RunTotals([1, 2, 3, 4, 5, 6, 7, 8], 36, 30, 1.5, [new CauseCount("probe", "No <b>stream</b>.", 2)]);

        var (_, json) = await GetAsync("/v1/runs/demo/totals");

        Assert.Equal((8, 8, "Other"), (json["classes"]!.AsArray().Count, json["labels"]!.AsArray().Count, json["classes"]![7]!.GetValue<string>()));
        Assert.Equal((36, 30, 1.5), (json["frames"]!.GetValue<int>(), json["face_frames"]!.GetValue<int>(), json["video_seconds"]!.GetValue<double>()));
        Assert.Equal("""[{"stage":"probe","cause":"No \u003Cb\u003Estream\u003C/b\u003E.","videos":2}]""", json["causes"]!.ToJsonString());
    }

    [Fact]
    public async Task Videos_WithEveryParameter_AreAskedForSo()
    {
        Add("a");
        Add("b");

        var (status, json) = await GetAsync("/v1/runs/demo/videos?state=quarantined&text=No%20stream%26%3C&sort=wall_seconds&order=desc&skip=1&take=500");

        Assert.Equal(new VideoQuery("demo", RunVideoState.Quarantined, null, "No stream&<", VideoSort.WallSeconds, true, 1, 500), Assert.Single(Runs.Queries));
        Assert.Equal((HttpStatusCode.OK, 2, "b", "completed"), (status, json["matches"]!.GetValue<int>(), json["rows"]![0]!["id"]!.GetValue<string>(), json["rows"]![0]!["state"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?state=&text=&sort=&order=&skip=&take=")]
    public async Task Videos_WithNothing_AreTheFirstInTheManifestsOrder(string query)
    {
        await GetAsync("/v1/runs/demo/videos" + query);

        Assert.Equal(new VideoQuery("demo", Take: 50), Assert.Single(Runs.Queries));
    }

    [Theory]
    [InlineData("state=gone", "state: 'gone' is none of waiting, processing, completed, quarantined, cancelled.")]
    [InlineData("state=0", "state: '0' is none of")]
    [InlineData("sort=wallseconds", "sort: 'wallseconds' is none of index, id, state, frames, seconds, wall_seconds, attempts.")]
    [InlineData("order=up", "order: 'up' is none of asc, desc.")]
    [InlineData("take=501", "take: '501' is no whole number from 0 to 500.")]
    [InlineData("take=-1", "take: '-1' is no whole number")]
    [InlineData("skip=1e3", "skip: '1e3' is no whole number")]
    [InlineData("skip=99999999999", "skip: '99999999999' is no whole number")]
    [InlineData("skip=1&skip=2", "skip: Give it once")]
    [InlineData("txt=a", "There is no parameter 'txt'; the nearest is 'text'.")]
    public async Task Videos_WrongParameter_IsRefusedWithWhatIsPossible(string query, string says)
    {
        var (status, json) = await GetAsync("/v1/runs/demo/videos?" + query);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith(says, json["detail"]!.GetValue<string>());
        Assert.Empty(Runs.Queries);
    }

    [Fact]
    public async Task Videos_TextOfAnyLength_IsBounded()
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await GetAsync($"/v1/runs/demo/videos?text={new string('a', 1025)}")).Status);
    }

    [Theory]
    [InlineData("/pace")]
    [InlineData("/explanation")]
    [InlineData("/report")]
    [InlineData("/events")]
    public async Task Any_RunThatIsNotThere_IsNotFoundWithTheNearest(string path)
    {
        var (status, json) = await GetAsync("/v1/runs/dem" + path);

        Assert.Equal((HttpStatusCode.NotFound, "demo"), (status, json["nearest"]![0]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("/videos")]
    [InlineData("/totals")]
    [InlineData("/videos/a")]
    [InlineData("/videos/a/media")]
    [InlineData("/videos/a/boxes")]
    [InlineData("/pace")]
    public async Task Any_NameThatNoRunCanHave_IsNotFoundAndNotAsked(string path)
    {
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("/v1/runs/a%2f..%2fb" + path)).Status);
        Assert.Equal((0, 0), (Runs.Looks, Runs.Queries.Count));
    }

    [Fact]
    public async Task Report_Written_IsSentWhereItsScriptsCanDoNothing()
    {
        Host.End("demo", completed: 1);
        await File.WriteAllTextAsync(Host.Data.Run("demo").Report, "<!doctype html><p>hello");

        using var response = await Http.GetAsync(Address("/v1/runs/demo/report"));

        Assert.Equal(("text/html", "<!doctype html><p>hello"), (response.Content.Headers.ContentType!.MediaType, await response.Content.ReadAsStringAsync()));
        Assert.StartsWith("sandbox allow-scripts", Assert.Single(response.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal(["nosniff"], response.Headers.GetValues("X-Content-Type-Options"));
    }

    [Fact]
    public async Task Report_NotWritten_IsNotFound()
    {
        Assert.Contains("run report demo", (await GetAsync("/v1/runs/demo/report")).Json["detail"]!.GetValue<string>());
    }

    [Fact]
    public async Task Nodes_OneThatAnswersAndOneThatDoesNot_AreBothTold()
    {
        var report = new NodeReport("n1", "0.1", false, 2, 1, [new UnitReport("demo", "a", "chunk 0", "encode", 5, 1, 0.5, false)], 0, 1 << 20, 4, 12.5, 0, 10, 0, true,
            new DeviceReport("cpu", 1, new DeviceShares(30, 1, 0, 0, 0, 0, 0), [new EncoderReport("lite, visual", 8, 0.5, 3)]));
        Nodes.Nodes =
        [
            new NodeStanding(new MemberReport("a:1", "n1", ["gpu"], "Up", true, true, true, false), report, ""),
            new NodeStanding(new MemberReport("b:1", "n2", ["worker"], "Up", false, false, false, true), null, "unreachable"),
        ];

        var (_, json) = await GetAsync("/v1/nodes");

        var (first, second) = (json["nodes"]![0]!, json["nodes"]![1]!);
        Assert.Equal(
            ["address", "node", "roles", "status", "is_reachable", "is_self", "is_leader", "is_oldest", "silence", "report"], first.AsObject().Select(p => p.Key));
        Assert.Equal((1, "lite, visual", 1.0, "chunk 0"), (
            first["report"]!["slots_in_use"]!.GetValue<int>(), first["report"]!["device"]!["encoders"]![0]!["name"]!.GetValue<string>(),
            first["report"]!["device"]!["shares"]!["busy"]!.GetValue<double>(), first["report"]!["units"]![0]!["what"]!.GetValue<string>()));
        Assert.Equal(("unreachable", (JsonNode?)null), (second["silence"]!.GetValue<string>(), second["report"]));
    }
}
