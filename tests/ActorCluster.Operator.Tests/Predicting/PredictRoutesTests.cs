using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using ActorCluster.Core;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Formats;
using ActorCluster.Processing.Runs;
using ActorCluster.Storage;
using ActorCluster.Tests;

namespace ActorCluster.Operator.Tests.Predicting;

public sealed class PredictRoutesTests
{
    private const int Largest = 1 << 20;
    private const string Octets = "application/octet-stream";
    private static readonly byte[] Video = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 31))];
    private static readonly FramePredictions Known = Predictions.Of(Expression.Neutral, Expression.Happiness, Expression.Happiness);

    [Fact]
    public async Task Predict_Body_IsAnsweredWithItsPredictionsAndLeavesNothing()
    {
        await using var host = await StartAsync();
        var seen = new ConcurrentQueue<(RunRequest Request, byte[] Bytes)>();
        Predicts(host, onVideo: request => seen.Enqueue((request, File.ReadAllBytes(request.Inputs[0]))));

        using var response = await PostAsync(host, "", Body());
        var json = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

        Assert.Equal((HttpStatusCode.OK, "application/json"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        Assert.Equal(("upload", 3), (json["video"]!.GetValue<string>(), json["frames"]!.GetValue<int>()));
        Assert.Equal(Expressions.Names, json["classes"]!.AsArray().Select(c => c!.GetValue<string>()));
        var second = json["rows"]![1]!;
        Assert.Equal((2, 0.04, "Happiness"), (second["frame"]!.GetValue<int>(), second["pts_seconds"]!.GetValue<double>(), second["label"]!.GetValue<string>()));
        Assert.Equal([0, 0, 0, 0, 1, 0, 0, 0], second["p"]!.AsArray().Select(p => p!.GetValue<double>()));
        Assert.Equal(
            (true, false, false, true),
            (second["face_present"]!.GetValue<bool>(), second["audio_present"]!.GetValue<bool>(), second["imputed"]!.GetValue<bool>(), second["decoded"]!.GetValue<bool>()));
        var (request, bytes) = Assert.Single(seen);
        Assert.Equal(Video, bytes);
        Assert.Equal(("lite", true, false), (request.Pipeline, request.Csv, request.Parquet));
        Assert.True(PredictionRun.IsName(request.Run!));
        Assert.StartsWith(host.Data.Uploads + Path.DirectorySeparatorChar, Assert.Single(request.Inputs));
        await LeavesNothingAsync(host, runs: 1);
    }

    [Theory]
    [InlineData("csv", "text/csv")]
    [InlineData("parquet", "application/vnd.apache.parquet")]
    public async Task Predict_AsFile_GivesItsBytes(string format, string type)
    {
        await using var host = await StartAsync();
        var bytes = Array.Empty<byte>();
        Predicts(host, onEnd: file => bytes = File.ReadAllBytes(file));

        using var response = await PostAsync(host, $"?format={format}", Body());

        Assert.Equal((HttpStatusCode.OK, type), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        Assert.Equal($"attachment; filename=\"predictions.{format}\"", $"{response.Content.Headers.ContentDisposition}");
        Assert.NotEmpty(bytes);
        Assert.Equal(bytes, await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("smile.mp4", "smile.mp4")]
    [InlineData("../../etc/passwd", "../../etc/passwd")]
    [InlineData("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>")]
    public async Task Predict_Form_IsNamedAsTheFileAndNothingOfThatIsInItsPath(string name, string says)
    {
        await using var host = await StartAsync();
        var seen = new ConcurrentQueue<RunRequest>();
        Predicts(host, onVideo: seen.Enqueue);
        using var form = new MultipartFormDataContent { { Body(), "video", name } };

        using var response = await PostAsync(host, "?pipeline=lite&format=json", form);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(says, JsonNode.Parse(text)!["video"]!.GetValue<string>());
        Assert.DoesNotContain("<", text);
        Assert.Matches("^[a-z]+-[0-9]+-[0-9a-f]+[.]video$", Path.GetFileName(Assert.Single(seen).Inputs[0]));
    }

    [Theory]
    [InlineData("?pipeline=../x", "pipeline: '../x' is not a shipped pipeline's name")]
    [InlineData("?pipeline=a%00b", "is not a shipped pipeline's name")]
    [InlineData("?pipeline=lite&pipeline=lite", "pipeline: Give it once")]
    [InlineData("?format=xml", "format: 'xml' is none of json, csv, parquet.")]
    [InlineData("?pipline=lite", "There is no parameter 'pipline'; the nearest is 'pipeline'.")]
    public async Task Predict_WrongQuery_IsRefusedWithWhatIsWrong(string query, string says)
    {
        await using var host = await StartAsync();

        using var response = await PostAsync(host, query, Body());

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(says, await DetailAsync(response));
        await LeavesNothingAsync(host, runs: 0);
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("text/plain")]
    [InlineData("application/json")]
    [InlineData("multipart/form-data")]
    [InlineData("videos/mp4")]
    [InlineData(null)]
    public async Task Predict_OtherType_IsRefused(string? type)
    {
        await using var host = await StartAsync();
        using var body = new ByteArrayContent(Video);
        body.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);

        using var response = await PostAsync(host, "", body);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        await LeavesNothingAsync(host, runs: 0);
    }

    [Fact]
    public async Task Predict_FormWithAField_IsRefused()
    {
        await using var host = await StartAsync();
        using var form = new MultipartFormDataContent { { new StringContent("lite"), "pipeline" }, { Body(), "video", "a.mp4" } };

        using var response = await PostAsync(host, "", form);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("given in the query", await DetailAsync(response));
        await LeavesNothingAsync(host, runs: 0);
    }

    [Fact]
    public async Task Predict_FormWithTwoVideos_IsRefusedAndLeavesNothing()
    {
        await using var host = await StartAsync();
        using var form = new MultipartFormDataContent { { Body(), "video", "a.mp4" }, { Body(), "video", "b.mp4" } };

        using var response = await PostAsync(host, "", form);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("more than one part", await DetailAsync(response));
        await LeavesNothingAsync(host, runs: 0);
    }

    [Theory]
    [InlineData("no parts at all")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"video\"; filename=\"a.mp4\"\r\n\r\nhalf of a part")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"video\"; filename=\"a.mp4\"\r\n\r\n\r\n--b--\r\n")]
    public async Task Predict_FormThatIsNone_IsRefusedAndLeavesNothing(string text)
    {
        await using var host = await StartAsync();
        using var body = new StringContent(text);
        body.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=b");

        using var response = await PostAsync(host, "", body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        await LeavesNothingAsync(host, runs: 0);
    }

    [Fact]
    public async Task Predict_Nothing_IsRefused()
    {
        await using var host = await StartAsync();

        using var response = await PostAsync(host, "", Body([]));

        Assert.Equal((HttpStatusCode.BadRequest, "The video is empty."), (response.StatusCode, await DetailAsync(response)));
        await LeavesNothingAsync(host, runs: 0);
    }

    [Theory]
    [InlineData("video/mp4", 1)]
    [InlineData("multipart/form-data; boundary=b", (64 << 10) + 1)]
    public async Task Predict_TooLargeByItsLength_IsRefusedBeforeItIsSent(string type, int beyond)
    {
        await using var host = await StartAsync();
        using var connection = await RawConnection.OpenAsync(host.Address);

        await connection.SendAsync(Head($"Content-Length: {Largest + beyond}\r\n", type));

        Assert.StartsWith("HTTP/1.1 413", await connection.ReadUntilAsync("predict.upload_bytes"));
        await LeavesNothingAsync(host, runs: 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Predict_TooLargeAsItComes_IsCutOffAndLeavesNothing(bool asForm)
    {
        await using var host = await StartAsync();
        using var video = new StreamContent(new MemoryStream(new byte[Largest + 1]));
        video.Headers.ContentType = new MediaTypeHeaderValue(Octets);
        using HttpContent body = asForm ? new MultipartFormDataContent { { video, "video", "a.mp4" } } : video;

        using var response = await PostAsync(host, "", body, chunked: true);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        await LeavesNothingAsync(host, runs: 0);
    }

    [Fact]
    public async Task Predict_AsLargeAsAllowed_IsTaken()
    {
        await using var host = await StartAsync();
        Predicts(host);

        using var response = await PostAsync(host, "", Body(new byte[Largest]), chunked: true);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Predict_EndlessUpload_EndsWithTheTimeLimit()
    {
        await using var host = await StartAsync(within: 1);
        using var connection = await RawConnection.OpenAsync(host.Address);

        await connection.SendAsync(Head("Transfer-Encoding: chunked\r\nConnection: close\r\n") + "3\r\nabc\r\n");

        Assert.StartsWith("HTTP/1.1 408", await connection.ReadUntilAsync("predict.limit_seconds"));
        await LeavesNothingAsync(host, runs: 0);
    }

    [Fact]
    public async Task Predict_MoreThanAllowedAtOnce_AreAskedToComeAgainAndTakenThen()
    {
        await using var host = await StartAsync(atOnce: 1);
        var (begun, end) = (new TaskCompletionSource(), new TaskCompletionSource());
        Predicts(host, until: end.Task, onVideo: _ => begun.TrySetResult());
        var first = PostAsync(host, "", Body());
        await begun.Task.WaitAsync(Deadline.After);

        using (var connection = await RawConnection.OpenAsync(host.Address))
        {
            await connection.SendAsync(Head("Content-Length: 300000\r\nConnection: close\r\n")); // And no body: it is not waited for.
            var refused = await connection.ReadUntilAsync("as many as this node takes");
            Assert.StartsWith("HTTP/1.1 429", refused);
            Assert.Contains("\r\nRetry-After: ", refused);
        }

        Assert.Single(Directory.GetFiles(host.Data.Uploads));
        end.SetResult();
        using var answered = await first;
        using var second = await PostAsync(host, "", Body());
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (answered.StatusCode, second.StatusCode));
        await LeavesNothingAsync(host, runs: 2);
    }

    [Fact]
    public async Task Predict_OneAfterTheOther_NeverFindsItsOwnPlaceTaken()
    {
        await using var host = await StartAsync(atOnce: 1);
        Predicts(host);

        for (var i = 0; i < 30; i++)
        {
            using var response = await PostAsync(host, "?format=csv", Body());
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            await response.Content.ReadAsByteArrayAsync();
        }
    }

    [Fact]
    public async Task Predict_BeyondTheTimeLimit_IsGivenUpAndItsPlaceFree()
    {
        await using var host = await StartAsync(atOnce: 1, within: 1);
        Predicts(host, until: new TaskCompletionSource().Task);

        using var response = await PostAsync(host, "", Body());

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Contains("predict.limit_seconds", await DetailAsync(response));
        await LeavesNothingAsync(host, runs: 1);
        Predicts(host);
        await Deadline.Until(() => PostAsync(host, "", Body()).Result.StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Predict_ClientGoes_IsGivenUpAndItsPlaceFree()
    {
        await using var host = await StartAsync(atOnce: 1);
        var (begun, stopped) = (new TaskCompletionSource(), new TaskCompletionSource());
        host.Runs.Predicts = async (_, cancellation) =>
        {
            begun.SetResult();
            await using var registration = cancellation.Register(() => stopped.TrySetResult());
            await Task.Delay(Timeout.Infinite, cancellation);
            throw new InvalidOperationException();
        };
        using (var gone = new CancellationTokenSource())
        {
            var asked = PostAsync(host, "", Body(), cancellation: gone.Token);
            await begun.Task.WaitAsync(Deadline.After);
            await gone.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        }

        await stopped.Task.WaitAsync(Deadline.After);
        await LeavesNothingAsync(host, runs: 1);
        Predicts(host);
        await Deadline.Until(() => PostAsync(host, "", Body()).Result.StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Predict_ClientGoesInTheMiddleOfItsUpload_LeavesNothing()
    {
        await using var host = await StartAsync();
        using (var connection = await RawConnection.OpenAsync(host.Address))
        {
            await connection.SendAsync(Head("Content-Length: 300000\r\n") + "abc");
            await Deadline.Until(() => Directory.Exists(host.Data.Uploads) && Directory.GetFiles(host.Data.Uploads) is [var file] && new FileInfo(file).Length == 3);
        }

        await LeavesNothingAsync(host, runs: 0);
    }

    [Fact]
    public async Task Predict_Quarantined_TellsStageAndCause()
    {
        await using var host = await StartAsync();
        host.Runs.Predicts = (request, _) => Task.FromResult(new PredictionEnd(request.Run!, "probe", "It has no video stream."));

        using var response = await PostAsync(host, "", Body());
        var json = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        Assert.Equal(("probe", "It has no video stream.", "probe: It has no video stream."), (json["stage"]!.GetValue<string>(), json["cause"]!.GetValue<string>(), json["detail"]!.GetValue<string>()));
        await LeavesNothingAsync(host, runs: 1);
    }

    [Fact]
    public async Task Predict_EnvironmentFails_IsUnavailableAndLeavesNothing()
    {
        await using var host = await StartAsync();
        host.Runs.Predicts = (_, _) => throw new EnvironmentFaultException("submit", "The cluster has no node that encodes.", "Start one.");

        using var response = await PostAsync(host, "", Body());

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "submit: The cluster has no node that encodes. Start one."), (response.StatusCode, await DetailAsync(response)));
        await LeavesNothingAsync(host, runs: 1);
    }

    [Fact]
    public async Task Predict_StoreGone_IsUnavailable()
    {
        await using var host = await StartAsync();
        File.Delete(host.Data.Marker);

        using var response = await PostAsync(host, "", Body());

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.False(Directory.Exists(host.Data.Uploads));
    }

    [Fact]
    public async Task Predict_NotJoined_IsUnavailable()
    {
        await using var host = await OperatorHost.StartAsync(joined: false);

        using var response = await PostAsync(host, "", Body());

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    private static Task<OperatorHost> StartAsync(int atOnce = 4, int within = 60) => OperatorHost.StartAsync(new OperatorSettings
    {
        Port = 0,
        Predict = new PredictSettings { LargestUpload = Largest, MostAtOnce = atOnce, Within = TimeSpan.FromSeconds(within) },
    });

    /// <summary>Has uploads predicted, in a run's folder as a node would.</summary>
    private static void Predicts(OperatorHost host, Task? until = null, Action<RunRequest>? onVideo = null, Action<string>? onEnd = null) => host.Runs.Predicts = async (request, cancellation) =>
    {
        onVideo?.Invoke(request);
        await (until ?? Task.CompletedTask).WaitAsync(cancellation);
        var folder = host.Data.Run(request.Run!);
        Predictions.Write(folder, request.Run!, Known, request.Csv, request.Parquet);
        onEnd?.Invoke(request.Csv ? folder.PredictionCsv(request.Run!) : folder.PredictionParquet(request.Run!));
        return new PredictionEnd(request.Run!, "", "");
    };

    private static ByteArrayContent Body(byte[]? bytes = null) => new(bytes ?? Video) { Headers = { ContentType = new MediaTypeHeaderValue(Octets) } };

    private static string Head(string rest, string type = "video/mp4") => $"POST /v1/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\n{rest}\r\n";

    private static async Task<HttpResponseMessage> PostAsync(OperatorHost host, string query, HttpContent body, bool chunked = false, CancellationToken cancellation = default)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Address, "/v1/predict" + query)) { Content = body };
        request.Headers.TransferEncodingChunked = chunked;
        var response = await http.SendAsync(request, cancellation);
        return response;
    }

    private static async Task<string> DetailAsync(HttpResponseMessage response) => JsonNode.Parse(await response.Content.ReadAsStringAsync())!["detail"]!.GetValue<string>();

    /// <summary>No upload stays, and every run that was begun is removed.</summary>
    private static async Task LeavesNothingAsync(OperatorHost host, int runs)
    {
        await Deadline.Until(() => (!Directory.Exists(host.Data.Uploads) || Directory.GetFiles(host.Data.Uploads).Length == 0) && host.Runs.Discarded.Count >= runs);
        Assert.Equal(runs, host.Runs.Discarded.Count);
        Assert.All(host.Runs.Discarded, run => Assert.True(PredictionRun.IsName(run)));
    }
}
