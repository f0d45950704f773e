using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using ActorCluster.Tests;

namespace ActorCluster.Operator.Tests.Api;

public sealed class SessionTests
{
    private const string Token = "0123456789abcdef-token";
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 14, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Session_RightToken_LetsABrowserIn()
    {
        await using var host = await StartAsync();
        using var http = Client(host);

        using var begun = await http.PostAsJsonAsync("/v1/session", new { token = Token });
        var cookie = Assert.Single(begun.Headers.GetValues("Set-Cookie"));

        Assert.Equal(HttpStatusCode.NoContent, begun.StatusCode);
        Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; max-age=43200", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Token, cookie);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, HttpMethod.Get, "/v1/runs", cookie));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, HttpMethod.Get, "/v1/openapi.json", cookie));
    }

    [Fact]
    public async Task Session_OfOneNode_IsGoodOnEveryNodeWithTheSameTokenAndOnNoOther()
    {
        await using var first = await StartAsync();
        await using var same = await StartAsync();
        await using var other = await StartAsync("another-token-0123456789");
        var cookie = await CookieAsync(first);
        using var atSame = Client(same);
        using var atOther = Client(other);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(atSame, HttpMethod.Get, "/v1/runs", cookie));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(atOther, HttpMethod.Get, "/v1/runs", cookie));
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Forbidden)]
    [InlineData("http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData("own", HttpStatusCode.Accepted)]
    public async Task Post_ByCookie_NeedsItsOwnOrigin(string? origin, HttpStatusCode expected)
    {
        await using var host = await StartAsync();
        host.Runs.Runs["demo"] = HandWrittenRuns.Progress("demo", paused: "disk full");
        using var http = Client(host);
        var cookie = await CookieAsync(host);

        var status = await StatusAsync(http, HttpMethod.Post, "/v1/runs/demo/resume", cookie, origin == "own" ? host.Address.GetLeftPart(UriPartial.Authority) : origin);

        Assert.Equal(expected, status);
        Assert.Equal(expected == HttpStatusCode.Accepted ? 1 : 0, host.Runs.Resumed.Count);
    }

    [Fact]
    public async Task Post_ByToken_NeedsNoOrigin()
    {
        await using var host = await StartAsync();
        host.Runs.Runs["demo"] = HandWrittenRuns.Progress("demo", paused: "disk full");
        using var http = Client(host);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);

        Assert.Equal(HttpStatusCode.Accepted, await StatusAsync(http, HttpMethod.Post, "/v1/runs/demo/resume", null));
    }

    [Fact]
    public async Task Session_Ended_IsForgottenByTheBrowser()
    {
        await using var host = await StartAsync();
        using var http = Client(host);
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/v1/session");
        request.Headers.Add("Cookie", (await CookieAsync(host)).Split(';')[0]);
        request.Headers.Add("Origin", host.Address.GetLeftPart(UriPartial.Authority));

        using var response = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Contains("actorcluster-session=; expires=Thu, 01 Jan 1970", Assert.Single(response.Headers.GetValues("Set-Cookie")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"token":null}""")]
    [InlineData("""{"token":5}""")]
    [InlineData("""{"token":"a","token":"b"}""")]
    [InlineData("""{"token":"a","more":1}""")]
    [InlineData("""{"token":"\ud800"}""")]
    public async Task Session_WrongBody_IsRefused(string body)
    {
        await using var host = await StartAsync();
        using var http = Client(host);

        using var response = await http.PostAsync("/v1/session", new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.Contains(response.StatusCode, new[] { HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized });
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Session_NotAsJson_IsRefused()
    {
        await using var host = await StartAsync();
        using var http = Client(host);

        using var response = await http.PostAsync("/v1/session", new StringContent($$"""{"token":"{{Token}}"}""", Encoding.UTF8, "text/plain"));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Fact]
    public async Task Session_LargeBody_IsRefused()
    {
        await using var host = await StartAsync();
        using var http = Client(host);

        using var response = await http.PostAsJsonAsync("/v1/session", new { token = new string('a', 10_000) });

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Session_FromAnotherSitesPage_IsNotBegun()
    {
        await using var host = await StartAsync();
        using var http = Client(host);
        http.DefaultRequestHeaders.Add("Origin", "http://evil.example");

        Assert.Equal(HttpStatusCode.Forbidden, (await http.PostAsJsonAsync("/v1/session", new { token = Token })).StatusCode);
    }

    [Fact]
    public async Task Session_ManyWrongTokens_AreNotLookedAtAnyMore()
    {
        await using var host = await StartAsync();
        using var http = Client(host);
        var statuses = new List<HttpStatusCode>();
        do
        {
            using var response = await http.PostAsJsonAsync("/v1/session", new { token = $"wrong-token-{statuses.Count:0000}" });
            statuses.Add(response.StatusCode);
        }
        while (statuses[^1] == HttpStatusCode.Unauthorized && statuses.Count < 500);

        Assert.Equal(HttpStatusCode.TooManyRequests, statuses[^1]);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await http.PostAsJsonAsync("/v1/session", new { token = Token })).StatusCode);
    }

    [Fact]
    public async Task Any_WithoutAnything_IsRefusedAndIsNoAttempt()
    {
        await using var host = await StartAsync();
        using var http = Client(host);

        for (var i = 0; i < 2 * AttemptLimit.Failures; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(http, HttpMethod.Get, "/v1/runs", null));
        }
    }

    [Fact]
    public async Task Any_ForgedCookies_AreNotLookedAtAnyMore()
    {
        await using var host = await StartAsync();
        using var http = Client(host);
        var statuses = new List<HttpStatusCode>();
        do
        {
            statuses.Add(await StatusAsync(http, HttpMethod.Get, "/v1/runs", $"actorcluster-session=9999999999.{statuses.Count:0000}"));
        }
        while (statuses[^1] == HttpStatusCode.Unauthorized && statuses.Count < 500);

        Assert.Equal(HttpStatusCode.TooManyRequests, statuses[^1]);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/runs/demo")]
    [InlineData("/runs/demo/videos/a%2Fb")]
    [InlineData("/compare")]
    [InlineData("/login")]
    [InlineData("/assets/x.js")]
    public async Task Page_WithoutToken_IsLetThrough(string path)
    {
        await using var host = await StartAsync();
        using var http = Client(host);

        Assert.NotEqual(HttpStatusCode.Unauthorized, await StatusAsync(http, HttpMethod.Get, path, null));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(http, HttpMethod.Post, path, null));
    }

    [Theory]
    [InlineData("/v1/events")]
    [InlineData("/v1/nodes")]
    [InlineData("/v1/openapi.json")]
    [InlineData("/v1/runs/a/videos/b/media")]
    [InlineData("/runsx")]
    [InlineData("/login/../v1/runs")]
    [InlineData("/LOGIN")]
    public async Task Any_ThatIsNoPage_NeedsTheToken(string path)
    {
        await using var host = await StartAsync();
        using var http = Client(host);
        using var response = await http.GetAsync(new Uri(host.Address.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Session_NodeWithoutToken_GivesNone()
    {
        await using var host = await OperatorHost.StartAsync();
        using var http = Client(host);

        using var response = await http.PostAsJsonAsync("/v1/session", new { token = "whatever-it-is-0123" });

        Assert.Equal((HttpStatusCode.NoContent, false), (response.StatusCode, response.Headers.Contains("Set-Cookie")));
    }

    [Fact]
    public void Cookie_InItsTime_IsGood()
    {
        var cookie = new SessionCookie(Token);
        var value = cookie.Issue(Now);

        Assert.True(cookie.Judge(value, Now));
        Assert.True(cookie.Judge(value, Now + SessionCookie.Lifetime - TimeSpan.FromSeconds(1)));
        Assert.Null(cookie.Judge(value, Now + SessionCookie.Lifetime));
        Assert.False(new SessionCookie(Token + "x").Judge(value, Now));
    }

    [Fact]
    public void Cookie_ChangedAnywhere_IsForged()
    {
        var cookie = new SessionCookie(Token);
        var value = cookie.Issue(Now);

        Assert.All(Enumerable.Range(0, value.Length), i =>
            Assert.False(cookie.Judge(value[..i] + (value[i] == '1' ? '2' : '1') + value[(i + 1)..], Now)));
        Assert.All(new[] { "", ".", "1", "1.2.3", value + ".", "0" + value, value + "=", " " + value, new string('1', 5000) }, v => Assert.False(cookie.Judge(v, Now)));
    }

    private static Task<OperatorHost> StartAsync(string token = Token) => OperatorHost.StartAsync(new OperatorSettings { Port = 0, Token = token });

    private static HttpClient Client(OperatorHost host) => new(new HttpClientHandler { UseCookies = false }) { BaseAddress = host.Address };

    private static async Task<string> CookieAsync(OperatorHost host)
    {
        using var http = Client(host);
        using var begun = await http.PostAsJsonAsync("/v1/session", new { token = Token });
        return Assert.Single(begun.Headers.GetValues("Set-Cookie"));
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, HttpMethod method, string path, string? cookie, string? origin = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie.Split(';')[0]);
        }

        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        using var response = await http.SendAsync(request);
        return response.StatusCode;
    }
}
