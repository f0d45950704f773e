using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorCluster.Core.Faults;
using ActorCluster.Operator.Palettes;
using ActorCluster.Tests;

namespace ActorCluster.Operator.Tests;

public sealed class CommandRoutesTests
{
    [Fact]
    public async Task Palettes_ThroughTheWire_ArriveAsTheyAre()
    {
        await using var host = await StartAsync(new NotesPalette());
        using var client = new OperatorClient([host.Node], null);

        var arrived = await client.PalettesAsync(CancellationToken.None);

        Assert.Equal(JsonSerializer.Serialize(new[] { NotesPalette.Definition }, OperatorJson.Options), JsonSerializer.Serialize(arrived, OperatorJson.Options));
        Assert.Equal("notes add a b -p -7", Words(CommandParser.Parse(arrived, ["notes", "add", "a", "b", "-p", "-7"], "me").Call!));
        static string Words(CommandCall call) => $"{call.Palette} {call.Command.Name} {call.Text("run")} {call.Text("text")} -p {call.Number("priority")}";
    }

    [Fact]
    public async Task Command_Answers_ArriveAsTheyAre()
    {
        var notes = new NotesPalette();
        await using var host = await StartAsync(notes);
        var added = await AskAsync(host, "notes add spring first -pinned");
        var listed = await AskAsync(host, "notes list");
        var shown = await AskAsync(host, "notes show spring");

        Assert.StartsWith("Noted by me (127.0.0.1): first", Assert.IsType<CommandAnswer.Line>(added[0]).Text);
        Assert.Equal(new CommandAnswer.Exit(0), added[1]);
        AnswerField[] fields = [new("run", "spring"), new("texts", new[] { "first" }), new("priority", 0L), new("pinned", true), new("share", 0.25), new("colour", null)];
        AssertFields(fields, Assert.IsType<CommandAnswer.Row>(listed[0]).Fields);
        AssertFields(fields, Assert.IsType<CommandAnswer.Item>(shown[0]).Fields);
        static void AssertFields(AnswerField[] expected, IReadOnlyList<AnswerField> actual)
        {
            Assert.Equal(expected.Select(f => f.Name), actual.Select(f => f.Name));
            Assert.All(expected.Zip(actual, (e, a) => (e, a)), pair => Assert.Equal(pair.e.Value, pair.a.Value));
        }
    }

    [Fact]
    public async Task Command_OverPlainHttp_IsJsonLines()
    {
        await using var host = await StartAsync(new NotesPalette());
        using var http = new HttpClient { BaseAddress = host.Address };

        using var response = await http.PostAsync("/v1/commands", Json("""{"palette":"notes","command":"add","arguments":[["run","spring"],["-text","x"],["-pinned"]]}"""));

        Assert.Equal((HttpStatusCode.OK, "application/x-ndjson"), (response.StatusCode, response.Content.Headers.ContentType!.ToString()));
        Assert.Equal("{\"line\":\"Noted by 127.0.0.1: x\"}\n{\"exit_code\":0}\n", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("notes show sprng", 2, "There is no note on 'sprng'.")]
    [InlineData("notes outage", 1, "store: The store is away. Wait.")]
    [InlineData("notes break", 1, "This should not happen. The node's log says more; please report it.")]
    public async Task Command_Fails_EndsWithAnError(string line, int exitCode, string error)
    {
        var notes = new NotesPalette();
        await using var host = await StartAsync(notes);
        await AskAsync(host, "notes add spring x");

        var e = await Assert.ThrowsAsync<CommandFailedException>(() => AskAsync(host, line));

        Assert.Equal((exitCode, error), (e.ExitCode, e.Message));
    }

    [Fact]
    public async Task Command_Refused_NamesTheNearest()
    {
        await using var host = await StartAsync(new NotesPalette());
        await AskAsync(host, "notes add spring x");
        using var http = new HttpClient { BaseAddress = host.Address };

        using var response = await http.PostAsync("/v1/commands", Json("""{"palette":"notes","command":"show","arguments":[["run","sprng"]]}"""));

        var record = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal("spring", record["nearest"]![0]!.GetValue<string>());
    }

    [Fact]
    public async Task Command_OwnExitCode_Arrives()
    {
        await using var host = await StartAsync(new NotesPalette());

        Assert.Equal([new CommandAnswer.Exit(3)], await AskAsync(host, "notes end 3"));
    }

    [Fact]
    public async Task Command_Changes_IsRecordedBefore()
    {
        await using var host = await StartAsync(new NotesPalette());

        await AskAsync(host, "notes add spring \"two words\" -pinned");
        await AskAsync(host, "notes list");

        Assert.Equal(["me (127.0.0.1): notes add -pinned -priority 0 -run spring -text \"two words\""], host.Runs.Audited);
    }

    [Fact]
    public async Task Command_CannotBeRecorded_IsNotDone()
    {
        var notes = new NotesPalette();
        await using var host = await StartAsync(notes);
        host.Runs.Failure = new EnvironmentFaultException("journal", "The journal is away.", "Wait.");

        var e = await Assert.ThrowsAsync<CommandFailedException>(() => AskAsync(host, "notes add spring x"));

        Assert.Equal((1, "journal: The journal is away. Wait."), (e.ExitCode, e.Message));
        Assert.Empty(notes.Notes);
    }

    [Fact]
    public async Task Command_DangerousWithoutYes_IsRefusedAndNotRecorded()
    {
        var notes = new NotesPalette();
        await using var host = await StartAsync(notes);
        await AskAsync(host, "notes add spring x");
        host.Runs.Audited.Clear();

        var e = await Assert.ThrowsAsync<OperatorRefusedException>(() => AskAsync(host, "notes clear"));

        Assert.Equal((HttpStatusCode.Conflict, "notes clear: All notes are thrown away. Nothing was done; give -yes if that is meant."), (e.Status, e.Message));
        Assert.Empty(host.Runs.Audited);
        Assert.Single(notes.Notes);
        await AskAsync(host, "notes clear -yes");
        Assert.Empty(notes.Notes);
    }

    [Theory]
    [InlineData("""{"palette":"note","command":"list"}""", "There is no palette 'note'; the nearest is 'notes'.\nPalettes: notes.")]
    [InlineData("""{"palette":"notes","command":"list","arguments":[["take","0"]]}""", "-take: '0' is no whole number of at least 1.\nUsage: notes list [-take TAKE]")]
    [InlineData("""{"palette":"notes","command":"list","arguments":[["take"]]}""", "-take needs a value")]
    [InlineData("""{"palette":"notes","command":"list","arguments":[["take","1","2"]]}""", "arguments must be a list of")]
    [InlineData("""{"palette":"notes","command":"list","arguments":[[null]]}""", "arguments must be a list of")]
    [InlineData("""{"palette":"notes","command":"list","arguments":["take"]}""", "is not the JSON")]
    [InlineData("""{"palette":"notes","command":"list","argumnets":[]}""", "argumnets")]
    [InlineData("""{"palette":"notes"}""", "is not the JSON")]
    [InlineData("""{"palette":"notes","palette":"notes","command":"list"}""", "is not the JSON")]
    [InlineData("""["notes","list"]""", "is not the JSON")]
    [InlineData("null", "is not the JSON")]
    [InlineData("{", "is not the JSON")]
    public async Task Command_Wrong_IsRefusedWithTheReason(string body, string says)
    {
        await using var host = await StartAsync(new NotesPalette());
        using var http = new HttpClient { BaseAddress = host.Address };

        using var response = await http.PostAsync("/v1/commands", Json(body));
        var problem = await response.Content.ReadFromJsonAsync<OperatorProblem>(OperatorJson.Options);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(says, problem!.Detail);
    }

    [Fact]
    public async Task Command_NotJson_IsRefused()
    {
        await using var host = await StartAsync(new NotesPalette());
        using var http = new HttpClient { BaseAddress = host.Address };

        using var response = await http.PostAsync("/v1/commands", new StringContent("""{"palette":"notes","command":"list"}""", Encoding.UTF8, "text/plain"));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Fact]
    public async Task Command_NodeHasNotJoined_SaysSo()
    {
        await using var host = await OperatorHost.StartAsync(joined: false);
        using var client = new OperatorClient([host.Node], null);

        var e = await Assert.ThrowsAsync<OperatorRefusedException>(() => client.PalettesAsync(CancellationToken.None));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, e.Status);
    }

    [Fact]
    public async Task Follow_Pieces_ComeAsTheyAre()
    {
        var notes = new NotesPalette();
        await using var host = await StartAsync(notes);
        using var client = new OperatorClient([host.Node], null);
        await using var answers = client.CommandAsync(Request("notes follow"), CancellationToken.None).GetAsyncEnumerator();

        foreach (var news in new[] { "one", "two" })
        {
            notes.Tell(news);
            Assert.True(await answers.MoveNextAsync().AsTask().WaitAsync(Deadline.After));
            Assert.Equal(new CommandAnswer.Line(news), answers.Current);
        }

        notes.Tell("end");
        Assert.True(await answers.MoveNextAsync().AsTask().WaitAsync(Deadline.After));
        Assert.Equal(new CommandAnswer.Exit(0), answers.Current);
    }

    [Fact]
    public async Task Follow_NothingNew_SaysThatTheNodeIsThere()
    {
        await using var host = await StartAsync(new NotesPalette());
        using var http = new HttpClient { BaseAddress = host.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/commands") { Content = Json("""{"palette":"notes","command":"follow"}""") };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());

        Assert.Equal("", await lines.ReadLineAsync().WaitAsync(Deadline.After));
    }

    [Fact]
    public async Task Follow_ClientGoes_Ends()
    {
        var notes = new NotesPalette();
        await using var host = await StartAsync(notes);
        using var client = new OperatorClient([host.Node], null);
        using var leave = new CancellationTokenSource();
        notes.Tell("hello");
        await using (var answers = client.CommandAsync(Request("notes follow"), leave.Token).GetAsyncEnumerator(leave.Token))
        {
            Assert.True(await answers.MoveNextAsync().AsTask().WaitAsync(Deadline.After));
            Assert.False(notes.Gone.Task.IsCompleted);
        }

        await notes.Gone.Task.WaitAsync(Deadline.After);
    }

    [Fact]
    public async Task Follow_NodeGoes_IsToldByName()
    {
        var notes = new NotesPalette();
        var host = await StartAsync(notes);
        using var client = new OperatorClient([host.Node], null);
        notes.Tell("hello");
        await using var answers = client.CommandAsync(Request("notes follow"), CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await answers.MoveNextAsync().AsTask().WaitAsync(Deadline.After));

        await host.DisposeAsync();

        var e = await Assert.ThrowsAsync<OperatorUnreachableException>(() => answers.MoveNextAsync().AsTask().WaitAsync(Deadline.After));
        Assert.Contains(host.Node, e.Message);
    }

    [Fact]
    public async Task Follow_NodeFreezes_IsNoticed()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new OperatorClient([$"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"], null) { Silence = TimeSpan.FromMilliseconds(200) };
        var asking = client.CommandAsync(Request("notes follow"), CancellationToken.None).GetAsyncEnumerator().MoveNextAsync().AsTask();
        using var connection = await listener.AcceptTcpClientAsync().WaitAsync(Deadline.After);
        await using var stream = connection.GetStream();
        _ = await stream.ReadAsync(new byte[4096]);
        await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray());

        var e = await Assert.ThrowsAsync<OperatorUnreachableException>(() => asking.WaitAsync(Deadline.After));

        Assert.Contains("nothing came for", e.Message);
    }

    private static Task<OperatorHost> StartAsync(params ICommandHandler[] handlers) => OperatorHost.StartAsync(handlers: handlers);

    private static async Task<List<CommandAnswer>> AskAsync(OperatorHost host, string line)
    {
        using var client = new OperatorClient([host.Node], null);
        var answers = new List<CommandAnswer>();
        await foreach (var answer in client.CommandAsync(Request(line), CancellationToken.None))
        {
            answers.Add(answer);
        }

        return answers;
    }

    private static CommandRequest Request(string line) => CommandRequest.Of(CommandParser.Parse([NotesPalette.Definition], CommandTokenizer.Split(line), "me").Call!);

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
