using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ActorCluster.Core.Faults;
using ActorCluster.Operator.Palettes;
using ActorCluster.Operator.Telemetry;
using ActorCluster.Tests;

namespace ActorCluster.Operator.Tests;

public sealed class OperatorSecurityTests
{
    private const string Token = "0123456789abcdef-token";

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("192.0.2.1")]
    [InlineData("host.example")]
    public async Task Start_BeyondLoopbackWithoutToken_IsRefused(string hostname)
    {
        var e = await Assert.ThrowsAsync<EnvironmentFaultException>(() => OperatorHost.StartAsync(new OperatorSettings { Hostname = hostname, Port = 0 }));

        Assert.Contains("Set operator.token", e.Message);
    }

    [Fact]
    public async Task Start_BeyondLoopbackWithToken_AsksEveryoneForIt()
    {
        await using var host = await OperatorHost.StartAsync(new OperatorSettings { Hostname = "0.0.0.0", Port = 0, Token = Token });
        using var known = new OperatorClient([host.Node], Token);
        using var unknown = new OperatorClient([host.Node], null);

        Assert.Empty(await known.RunsAsync(CancellationToken.None));
        Assert.Equal(HttpStatusCode.Unauthorized, (await Assert.ThrowsAsync<OperatorRefusedException>(() => unknown.RunsAsync(CancellationToken.None))).Status);
    }

    [Fact]
    public async Task Start_PortInUse_SaysWhatToDo()
    {
        await using var host = await OperatorHost.StartAsync();

        var e = await Assert.ThrowsAsync<EnvironmentFaultException>(() => OperatorHost.StartAsync(new OperatorSettings { Port = host.Address.Port }));

        Assert.Contains($"127.0.0.1:{host.Address.Port} cannot be listened on", e.Message);
        Assert.Contains("--operator-port", e.Message);
    }

    [Fact]
    public async Task Metrics_WithToken_AreForThoseWhoBringIt()
    {
        using var telemetry = NodeTelemetry.Start(isScraped: true, collector: null, "test");
        await using var host = await OperatorHost.StartAsync(new OperatorSettings { Port = 0, Token = Token }, telemetry: telemetry);
        using var http = new HttpClient { BaseAddress = host.Address };

        using var refused = await http.GetAsync("/metrics");
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        var scraped = await http.GetStringAsync("/metrics");

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.DoesNotContain("target_info", await refused.Content.ReadAsStringAsync());
        Assert.Contains("target_info", scraped);
    }

    [Fact]
    public async Task Metrics_OtherHostWithoutToken_AreRefused()
    {
        using var telemetry = NodeTelemetry.Start(isScraped: true, collector: null, "test");
        await using var host = await OperatorHost.StartAsync(telemetry: telemetry);
        using var http = new HttpClient { BaseAddress = host.Address };

        http.DefaultRequestHeaders.Host = "evil.example";

        Assert.Equal(HttpStatusCode.Forbidden, (await http.GetAsync("/metrics")).StatusCode);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:9110")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("192.0.2.1")]
    public async Task Any_OtherHostWithoutToken_IsRefused(string name)
    {
        await using var host = await OperatorHost.StartAsync();

        Assert.All(await StatusesAsync(host, r => r.Headers.Host = name), status => Assert.Equal(HttpStatusCode.Forbidden, status));
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:1")]
    [InlineData("127.0.0.1")]
    [InlineData("127.1.2.3:80")]
    [InlineData("[::1]")]
    public async Task Any_OwnHost_IsAnswered(string name)
    {
        await using var host = await OperatorHost.StartAsync();

        Assert.All(await StatusesAsync(host, r => r.Headers.Host = name), status => Assert.Equal(HttpStatusCode.OK, status));
    }

    [Fact]
    public async Task Any_NoHostHeader_IsRefused()
    {
        await using var host = await OperatorHost.StartAsync();
        using var connection = await RawConnection.OpenAsync(host.Address);

        await connection.SendAsync("GET /v1/runs HTTP/1.0\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 403", await connection.ReadToEndAsync());
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    [InlineData("http://localhost:1")]
    public async Task Resume_FromAnotherSitesPage_IsRefused(string origin)
    {
        await using var host = await OperatorHost.StartAsync();
        host.Runs.Runs["run"] = HandWrittenRuns.Progress("run");
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Address, "/v1/runs/run/resume"));
        request.Headers.Add("Origin", origin);

        using var response = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Empty(host.Runs.Resumed);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer 0123456789abcdef-tokem")]
    [InlineData("Bearer 0123456789abcdef-token0")]
    [InlineData("Bearer 0123456789abcdef-toke")]
    [InlineData("Basic 0123456789abcdef-token")]
    [InlineData("0123456789abcdef-token")]
    public async Task Any_WrongToken_IsRefusedWithoutAHint(string? authorization)
    {
        await using var host = await OperatorHost.StartAsync(new OperatorSettings { Port = 0, Token = Token });
        using var http = new HttpClient();
        foreach (var path in new[] { "/v1/runs", "/v1/runs/x", "/nothing" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Address, path));
            if (authorization is not null)
            {
                request.Headers.TryAddWithoutValidation("Authorization", authorization);
            }

            using var response = await http.SendAsync(request);

            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
            Assert.Equal("""{"title":"Unauthorized","status":401,"detail":"This node answers known operators only."}""", await response.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Any_ManyWrongTokens_AreNotLookedAtAnyMore()
    {
        await using var host = await OperatorHost.StartAsync(new OperatorSettings { Port = 0, Token = Token });
        using var http = new HttpClient { BaseAddress = host.Address };
        var wrong = new List<HttpStatusCode>();
        HttpStatusCode right;
        do
        {
            // One more attempt is allowed now and then: perhaps just between the last wrong token and the right one.
            do
            {
                wrong.Add(await AskAsync($"wrong-token-{wrong.Count:0000}-00000"));
            }
            while (wrong[^1] == HttpStatusCode.Unauthorized && wrong.Count < 500);
            right = await AskAsync(Token);
        }
        while (right == HttpStatusCode.OK && wrong.Count < 500);

        Assert.All(wrong.Take(AttemptLimit.Failures), status => Assert.Equal(HttpStatusCode.Unauthorized, status));
        Assert.Equal(HttpStatusCode.TooManyRequests, right);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/healthz")).StatusCode);
        await EventuallyAnsweredAsync(host);

        async Task<HttpStatusCode> AskAsync(string token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/runs");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var response = await http.SendAsync(request);
            Assert.Equal(response.StatusCode == HttpStatusCode.TooManyRequests, response.Headers.RetryAfter is not null);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task Any_RightToken_IsAnsweredAsOftenAsItAsks()
    {
        await using var host = await OperatorHost.StartAsync(new OperatorSettings { Port = 0, Token = Token });
        using var client = new OperatorClient([host.Node], Token);

        for (var i = 0; i < 3 * AttemptLimit.Failures; i++)
        {
            Assert.Empty(await client.RunsAsync(CancellationToken.None));
        }
    }

    [Fact]
    public async Task Command_WithoutToken_IsNotDone()
    {
        var notes = new NotesPalette();
        await using var host = await OperatorHost.StartAsync(new OperatorSettings { Port = 0, Token = Token }, handlers: notes);
        using var client = new OperatorClient([host.Node], null);
        var request = new CommandRequest("notes", "add", [["run", "spring"], ["text", "x"]]);

        var e = await Assert.ThrowsAsync<OperatorRefusedException>(() => client.CommandAsync(request, CancellationToken.None).GetAsyncEnumerator().MoveNextAsync().AsTask());

        Assert.Equal(HttpStatusCode.Unauthorized, e.Status);
        Assert.Empty(notes.Notes);
        await Assert.ThrowsAsync<OperatorRefusedException>(() => client.PalettesAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Command_FromAnotherSitesPage_IsNotDone()
    {
        var notes = new NotesPalette();
        await using var host = await OperatorHost.StartAsync(handlers: notes);
        using var http = new HttpClient { BaseAddress = host.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/commands")
        {
            Content = new StringContent("""{"palette":"notes","command":"add","arguments":[["run","spring"],["text","x"]]}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Origin", "http://evil.example");

        using var response = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Empty(notes.Notes);
    }

    [Fact]
    public async Task Command_ClientThatReadsNothing_IsGivenUp()
    {
        var notes = new NotesPalette();
        await using var host = await OperatorHost.StartAsync(handlers: notes);
        using var connection = await RawConnection.OpenAsync(host.Address);
        const string Body = """{"palette":"notes","command":"flood"}""";

        await connection.SendAsync($"POST /v1/commands HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}");

        await notes.Gone.Task.WaitAsync(Deadline.After);
    }

    [Theory]
    [InlineData("ada\u001b[2J@host\n127.0.0.1", "ada\uFFFD[2J@host 127.0.0.1 (127.0.0.1)")]
    [InlineData(null, "127.0.0.1")]
    [InlineData(" ", "127.0.0.1")]
    public async Task Command_WhoSaysWhatItLikes_IsRecordedCleanWithItsAddress(string? who, string recorded)
    {
        await using var host = await OperatorHost.StartAsync(handlers: new NotesPalette());
        using var client = new OperatorClient([host.Node], null);

        await foreach (var _ in client.CommandAsync(new CommandRequest("notes", "clear", [["yes"]], who), CancellationToken.None))
        {
            // To its end.
        }

        Assert.Equal([$"{recorded}: notes clear -yes"], host.Runs.Audited);
    }

    [Fact]
    public void Who_Long_IsCut()
    {
        var who = CommandRunner.Who(new string('a', 5000), "127.0.0.1");

        Assert.Equal(200, who.Length);
        Assert.EndsWith("… (127.0.0.1)", who);
    }

    [Fact]
    public async Task Tls_WithItsAuthority_IsAnswered()
    {
        using var certificates = new TestCertificates();
        await using var host = await OperatorHost.StartAsync(Tls(certificates), handlers: new NotesPalette());
        using var client = new OperatorClient([$"https://{host.Node}"], Token, AuthoritiesOf(certificates));

        Assert.Equal(Uri.UriSchemeHttps, host.Address.Scheme);
        Assert.Empty(await client.RunsAsync(CancellationToken.None));
        Assert.Single(await client.PalettesAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Tls_AuthorityThatIsNotTrusted_GetsNoToken()
    {
        using var certificates = new TestCertificates();
        using var others = new TestCertificates("others");
        await using var host = await OperatorHost.StartAsync(Tls(certificates));
        using var untrusting = new OperatorClient([$"https://{host.Node}"], Token);
        using var misled = new OperatorClient([host.Node], Token, AuthoritiesOf(others));

        Assert.Contains("certificate", (await Assert.ThrowsAsync<OperatorUnreachableException>(() => untrusting.RunsAsync(CancellationToken.None))).Message);
        await Assert.ThrowsAsync<OperatorUnreachableException>(() => misled.RunsAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Tls_PlainHttp_IsNotAnswered()
    {
        using var certificates = new TestCertificates();
        await using var host = await OperatorHost.StartAsync(Tls(certificates));
        using var plain = new OperatorClient([host.Node], Token);

        await Assert.ThrowsAsync<OperatorUnreachableException>(() => plain.RunsAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Tls_KeyOfAnotherCertificate_SaysWhatToDo()
    {
        using var certificates = new TestCertificates();
        var settings = new OperatorSettings { Port = 0, Certificate = certificates.Issue("a").Certificate, Key = certificates.Issue("b").Key };

        var e = await Assert.ThrowsAsync<EnvironmentFaultException>(() => OperatorHost.StartAsync(settings));

        Assert.Contains("Give operator.certificate and operator.key as PEM files that belong together", e.Message);
    }

    [Fact]
    public async Task Any_RightToken_IsAnsweredUnderAnyName()
    {
        await using var host = await OperatorHost.StartAsync(new OperatorSettings { Port = 0, Token = Token });

        var statuses = await StatusesAsync(host, request =>
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
            request.Headers.Host = "node.example";
        });

        Assert.All(statuses, status => Assert.Equal(HttpStatusCode.OK, status));
    }

    [Fact]
    public async Task Probes_WithoutToken_TellNothingButWhetherTheNodeLives()
    {
        await using var host = await OperatorHost.StartAsync(new OperatorSettings { Port = 0, Token = Token }, joined: false);
        using var http = new HttpClient { BaseAddress = host.Address };

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/healthz")).StatusCode);
        using var ready = await http.GetAsync("/readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("""{"ready":false}""", await ready.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/v1/runs", true)]
    [InlineData("/v1/runs", false)]
    [InlineData("/v1/commands", true)]
    public async Task Post_BodyTooLarge_IsRefused(string path, bool tellsItsLength)
    {
        await using var host = await OperatorHost.StartAsync();
        using var http = new HttpClient { BaseAddress = host.Address };
        var body = $$"""{"inputs":["/{{new string('a', OperatorLimits.LargestBody)}}"]}""";
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TransferEncodingChunked = !tellsItsLength;
        request.Headers.ExpectContinue = true;

        using var response = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Empty(host.Runs.Submitted);
    }

    [Fact]
    public async Task Any_HeadersTooLarge_AreRefused()
    {
        await using var host = await OperatorHost.StartAsync();
        using var connection = await RawConnection.OpenAsync(host.Address);

        await connection.SendAsync($"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: {new string('a', OperatorLimits.LargestHeaders)}\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 431", await connection.ReadToEndAsync());
    }

    [Fact]
    public async Task Any_TooManyHeaders_AreRefused()
    {
        await using var host = await OperatorHost.StartAsync();
        using var connection = await RawConnection.OpenAsync(host.Address);

        await connection.SendAsync($"GET /healthz HTTP/1.1\r\nHost: localhost\r\n{string.Concat(Enumerable.Range(0, 60).Select(i => $"X{i}: 1\r\n"))}\r\n");

        Assert.StartsWith("HTTP/1.1 431", await connection.ReadToEndAsync());
    }

    [Fact]
    public async Task Any_HeadersThatDoNotEnd_AreGivenUp()
    {
        await using var host = await OperatorHost.StartAsync();
        using var connection = await RawConnection.OpenAsync(host.Address);

        await connection.SendAsync("GET /healthz HTTP/1.1\r\nHost: loc");

        Assert.StartsWith("HTTP/1.1 408", await connection.ReadToEndAsync());
    }

    [Fact]
    public async Task Submit_BodyThatDoesNotCome_IsGivenUp()
    {
        await using var host = await OperatorHost.StartAsync();
        using var connection = await RawConnection.OpenAsync(host.Address);

        await connection.SendAsync("POST /v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{");

        Assert.StartsWith("HTTP/1.1 408", await connection.ReadToEndAsync());
        Assert.Empty(host.Runs.Submitted);
    }

    [Fact]
    public async Task Any_UnforeseenFailure_TellsNothingOfItself()
    {
        await using var host = await OperatorHost.StartAsync(runs: new HandWrittenRuns { Failure = new InvalidOperationException("secret detail") });
        using var http = new HttpClient { BaseAddress = host.Address };

        using var response = await http.GetAsync("/v1/runs");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.DoesNotContain("secret", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Any_Answer_DoesNotNameItsServer()
    {
        await using var host = await OperatorHost.StartAsync();
        using var http = new HttpClient { BaseAddress = host.Address };

        using var response = await http.GetAsync("/healthz");

        Assert.Empty(response.Headers.Server);
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.Equal(["nosniff"], response.Headers.GetValues("X-Content-Type-Options"));
    }

    private static OperatorSettings Tls(TestCertificates certificates)
    {
        var (certificate, key) = certificates.Issue();
        return new OperatorSettings { Port = 0, Token = Token, Certificate = certificate, Key = key };
    }

    private static X509Certificate2Collection AuthoritiesOf(TestCertificates certificates)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(certificates.Authorities);
        return authorities;
    }

    /// <summary>Waits until the right token is looked at again.</summary>
    private static async Task EventuallyAnsweredAsync(OperatorHost host)
    {
        using var client = new OperatorClient([host.Node], Token);
        using var deadline = new CancellationTokenSource(Deadline.After);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (await look.WaitForNextTickAsync(deadline.Token))
        {
            try
            {
                await client.RunsAsync(deadline.Token);
                return;
            }
            catch (OperatorRefusedException e) when (e.Status == HttpStatusCode.TooManyRequests)
            {
                // Not yet.
            }
        }
    }

    private static async Task<List<HttpStatusCode>> StatusesAsync(OperatorHost host, Action<HttpRequestMessage> change)
    {
        using var http = new HttpClient();
        var statuses = new List<HttpStatusCode>();
        foreach (var path in new[] { "/healthz", "/readyz", "/v1/runs" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Address, path));
            change(request);
            using var response = await http.SendAsync(request);
            statuses.Add(response.StatusCode);
        }

        return statuses;
    }
}
