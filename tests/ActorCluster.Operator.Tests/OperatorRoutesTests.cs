using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ActorCluster.Core.Faults;
using ActorCluster.Processing.Runs;
using ActorCluster.Tests;

namespace ActorCluster.Operator.Tests;

public sealed class OperatorRoutesTests
{
    [Fact]
    public async Task Healthz_BeforeTheNodeHasJoined_IsAlive()
    {
        await using var host = await OperatorHost.StartAsync(joined: false);
        using var http = new HttpClient { BaseAddress = host.Address };

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/healthz")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/healthz"))).StatusCode);
    }

    [Fact]
    public async Task Readyz_NodeUp_IsReady()
    {
        await using var host = await OperatorHost.StartAsync();

        var (status, json) = await GetAsync(host, "/readyz");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.True(json["ready"]!.GetValue<bool>());
        Assert.Equal("127.0.0.1:4053", json["node"]!["address"]!.GetValue<string>());
    }

    [Fact]
    public async Task Readyz_NotJoined_SaysSo()
    {
        await using var host = await OperatorHost.StartAsync(joined: false);

        var (status, json) = await GetAsync(host, "/readyz");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal(["The node is not up in its cluster."], Texts(json["reasons"]));
    }

    [Fact]
    public async Task Readyz_NotUpAndStoreGone_GivesBothReasons()
    {
        await using var host = await OperatorHost.StartAsync();
        host.Runs.State = host.Runs.State with { IsUp = false, StoreReachable = false };

        var (status, json) = await GetAsync(host, "/readyz");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal(["The node is not up in its cluster.", $"The data folder '{host.Data.Root}' is not there."], Texts(json["reasons"]));
    }

    [Fact]
    public async Task Readyz_DeviceHasNotComputed_SaysSo()
    {
        await using var host = await OperatorHost.StartAsync();
        host.Runs.State = host.Runs.State with { Problems = ["The device cpu has not done its first forward pass yet."] };

        var (status, json) = await GetAsync(host, "/readyz");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal(["The device cpu has not done its first forward pass yet."], Texts(json["reasons"]));
    }

    [Fact]
    public async Task Submit_Whole_IsPassedOn()
    {
        await using var host = await OperatorHost.StartAsync();

        var (status, json) = await PostAsync(host, """{"inputs":["/videos","/a b.mp4"],"pipeline":"/p/mine.json","run":"spring","format":"both"}""");

        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Equal("spring", json["run"]!.GetValue<string>());
        Assert.Equal((2, 1, 1, 0), (json["videos"]!.GetValue<int>(), json["known"]!.GetValue<int>(), json["added"]!.GetValue<int>(), json["changed"]!.GetValue<int>()));
        var request = Assert.Single(host.Runs.Submitted);
        Assert.Equal(["/videos", "/a b.mp4"], request.Inputs.AsEnumerable());
        Assert.Equal(("/p/mine.json", "spring", true, true), (request.Pipeline, request.Run, request.Csv, request.Parquet));
    }

    [Fact]
    public async Task Submit_InputsOnly_TakesDefaults()
    {
        await using var host = await OperatorHost.StartAsync();

        await PostAsync(host, """{"inputs":["/videos"],"run":null}""");

        var request = Assert.Single(host.Runs.Submitted);
        Assert.Equal(("lite", null, true, false), (request.Pipeline, request.Run, request.Csv, request.Parquet));
    }

    [Theory]
    [InlineData("", "The body is not the JSON that is needed")]
    [InlineData("{", "The body is not the JSON that is needed")]
    [InlineData("{\"inputs\":[\"/a\"],}", "The body is not the JSON that is needed")]
    [InlineData("{\"inputs\":[\"/a\"],\"inputs\":[\"/b\"]}", "The body is not the JSON that is needed")]
    [InlineData("{\"inputs\":[\"/\\ud800\"]}", "The body is not the JSON that is needed")]
    [InlineData("{\"inputs\":[[[[[\"/a\"]]]]]}", "The body is not the JSON that is needed")]
    [InlineData("[]", "The body must be an object")]
    [InlineData("null", "The body must be an object")]
    [InlineData("{}", "inputs: must be a list of full paths")]
    [InlineData("{\"inputs\":[]}", "inputs: must be a list of full paths")]
    [InlineData("{\"inputs\":\"/a\"}", "inputs: must be a list of full paths")]
    [InlineData("{\"inputs\":[\"a\"]}", "inputs: \"a\" is no full path.")]
    [InlineData("{\"inputs\":[null]}", "inputs: null is no full path.")]
    [InlineData("{\"inputs\":[\"/a\\u0000b\"]}", "is no full path.")]
    [InlineData("{\"inputs\":[\"/a\"],\"pipline\":\"lite\"}", "There is no field 'pipline'; the nearest is 'pipeline'. Fields: inputs, pipeline, run, format.")]
    [InlineData("{\"inputs\":[\"/a\"],\"pipeline\":\"mine.json\"}", "pipeline: \"mine.json\" is not a shipped pipeline's name, or the full path")]
    [InlineData("{\"inputs\":[\"/a\"],\"pipeline\":\"../x\"}", "pipeline: \"../x\" is not")]
    [InlineData("{\"inputs\":[\"/a\"],\"pipeline\":5}", "pipeline: 5 is not")]
    [InlineData("{\"inputs\":[\"/a\"],\"run\":\"../escape\"}", "run: \"../escape\" is not a run's name")]
    [InlineData("{\"inputs\":[\"/a\"],\"format\":\"xml\"}", "format: \"xml\" is not csv, parquet or both.")]
    public async Task Submit_WrongBody_IsRefusedWithWhatIsWrong(string body, string says)
    {
        await using var host = await OperatorHost.StartAsync();

        var (status, json) = await PostAsync(host, body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(says, json["detail"]!.GetValue<string>());
        Assert.Empty(host.Runs.Submitted);
    }

    [Fact]
    public async Task Submit_SeveralThingsWrong_TellsAllOfThem()
    {
        await using var host = await OperatorHost.StartAsync();

        var (_, json) = await PostAsync(host, """{"inputs":["a"],"run":"/","format":"xml"}""");

        Assert.Equal(3, json["detail"]!.GetValue<string>().Split('\n').Length);
    }

    [Fact]
    public async Task Submit_NotAsJson_IsRefused()
    {
        await using var host = await OperatorHost.StartAsync();

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await PostAsync(host, """{"inputs":["/a"]}""", "text/plain")).Status);
    }

    [Fact]
    public async Task Submit_NodeFindsRequestWrong_IsRefused()
    {
        await using var host = await OperatorHost.StartAsync(runs: new HandWrittenRuns { Failure = new RunRequestException("The input '/a' does not exist.") });

        var (status, json) = await PostAsync(host, """{"inputs":["/a"]}""");

        Assert.Equal((HttpStatusCode.BadRequest, "The input '/a' does not exist."), (status, json["detail"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Any_EnvironmentFails_IsUnavailable()
    {
        await using var host = await OperatorHost.StartAsync(runs: new HandWrittenRuns { Failure = new EnvironmentFaultException("cluster", "No answer.", "Wait.") });

        var (status, json) = await GetAsync(host, "/v1/runs");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "cluster: No answer. Wait."), (status, json["detail"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Runs_NotJoined_IsUnavailable()
    {
        await using var host = await OperatorHost.StartAsync(joined: false);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await GetAsync(host, "/v1/runs")).Status);
    }

    [Fact]
    public async Task Runs_Some_AreListed()
    {
        await using var host = await OperatorHost.StartAsync();
        host.Runs.Runs["a"] = HandWrittenRuns.Progress("a");
        host.End("b", completed: 1);

        var (_, json) = await GetAsync(host, "/v1/runs");

        Assert.Equal([("a", false), ("b", true)], json["runs"]!.AsArray().Select(r => (r!["name"]!.GetValue<string>(), r["ended"]!.GetValue<bool>())));
    }

    [Fact]
    public async Task Run_Known_TellsHowFarItIs()
    {
        await using var host = await OperatorHost.StartAsync();
        host.Runs.Runs["a"] = HandWrittenRuns.Progress("a", completed: 1);

        var (status, json) = await GetAsync(host, "/v1/runs/a");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal((2, 1, false), (json["registered"]!.GetValue<int>(), json["completed"]!.GetValue<int>(), json["is_completed"]!.GetValue<bool>()));
        Assert.Equal(40, json["in_flight"]![0]!["frames_done"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("")]
    [InlineData("/result")]
    public async Task Run_Unknown_IsNotFoundWithTheNearest(string path)
    {
        await using var host = await OperatorHost.StartAsync();
        host.Runs.Runs["spring-2026"] = HandWrittenRuns.Progress("spring-2026");
        host.Runs.Runs["other"] = HandWrittenRuns.Progress("other");

        var (status, json) = await GetAsync(host, "/v1/runs/sprng-2026" + path);

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal("There is no run 'sprng-2026'. The nearest: spring-2026.", json["detail"]!.GetValue<string>());
        Assert.Equal(["spring-2026"], Texts(json["nearest"]));
    }

    [Theory]
    [InlineData("%2e%2e%2fstate")]
    [InlineData("a%2f..%2fb")]
    [InlineData("-x")]
    public async Task Run_NoName_IsNotFoundAndNotAsked(string name)
    {
        await using var host = await OperatorHost.StartAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(host, $"/v1/runs/{name}/result")).Status);
        Assert.Equal(0, host.Runs.Looks);
    }

    [Fact]
    public async Task Result_Ended_HasTheSummaryWithFirstFaults()
    {
        await using var host = await OperatorHost.StartAsync();
        host.End("a", completed: 3, quarantined: 25);

        var (status, json) = await GetAsync(host, "/v1/runs/a/result");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(host.Data.Root, json["data"]!.GetValue<string>());
        Assert.Equal((28, 3), (json["summary"]!["counts"]!["registered"]!.GetValue<int>(), json["summary"]!["counts"]!["completed"]!.GetValue<int>()));
        Assert.Equal(RunResult.ListedVideos, json["summary"]!["videos"]!.AsArray().Count);
    }

    [Fact]
    public async Task Result_OfAnEarlierSitting_IsNotGiven()
    {
        await using var host = await OperatorHost.StartAsync();
        host.End("a", completed: 1);
        host.Runs.Ended.Clear(); // Submitted again: every video has ended as before, the new report is being written.

        Assert.Equal(HttpStatusCode.Conflict, (await GetAsync(host, "/v1/runs/a/result")).Status);
    }

    [Fact]
    public async Task Resume_Paused_IsPassedOn()
    {
        await using var host = await OperatorHost.StartAsync();
        host.Runs.Runs["a"] = HandWrittenRuns.Progress("a", paused: "disk full");
        using var http = new HttpClient { BaseAddress = host.Address };

        using var response = await http.PostAsync("/v1/runs/a/resume", null);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(["a"], host.Runs.Resumed);
    }

    [Fact]
    public async Task Resume_Ended_IsRefusedWithWhatIsPossible()
    {
        await using var host = await OperatorHost.StartAsync();
        host.End("a", completed: 1);
        using var http = new HttpClient { BaseAddress = host.Address };

        using var response = await http.PostAsync("/v1/runs/a/resume", null);

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Contains("submit it again", await response.Content.ReadAsStringAsync());
        Assert.Empty(host.Runs.Resumed);
    }

    [Theory]
    [InlineData("/v1")]
    [InlineData("/v2/runs")]
    [InlineData("/v1/runs/a/b/c")]
    public async Task Any_UnknownPath_IsNotFound(string path)
    {
        await using var host = await OperatorHost.StartAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(host, path)).Status);
    }

    private static IEnumerable<string> Texts(JsonNode? list) => list!.AsArray().Select(n => n!.GetValue<string>());

    private static async Task<(HttpStatusCode Status, JsonNode Json)> GetAsync(OperatorHost host, string path)
    {
        using var http = new HttpClient();
        using var response = await http.GetAsync(new Uri(host.Address.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        return (response.StatusCode, await JsonOfAsync(response));
    }

    private static async Task<(HttpStatusCode Status, JsonNode Json)> PostAsync(OperatorHost host, string body, string type = "application/json")
    {
        using var http = new HttpClient { BaseAddress = host.Address };
        using var content = new StringContent(body, Encoding.UTF8, type);
        using var response = await http.PostAsync("/v1/runs", content);
        return (response.StatusCode, await JsonOfAsync(response));
    }

    private static async Task<JsonNode> JsonOfAsync(HttpResponseMessage response)
    {
        var isProblem = !response.IsSuccessStatusCode && response.RequestMessage!.RequestUri!.AbsolutePath != "/readyz";
        Assert.Equal(isProblem ? "application/problem+json" : "application/json", response.Content.Headers.ContentType!.MediaType);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }
}
