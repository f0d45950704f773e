using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using ActorCluster.Operator.Dashboard;
using ActorCluster.Storage;
using ActorCluster.Tests;

namespace ActorCluster.Operator.Tests.Dashboard;

public sealed partial class DashboardRoutesTests
{
    private const int LargestPage = 300_000;

    public static TheoryData<string> Pages => ["/", "/runs/spring", "/runs/spring/videos/a.mp4", "/compare?a=one&b=two", "/login"];

    public static TheoryData<string> Scripts => [.. DashboardRoutes.Assets.Keys.Where(name => name.EndsWith(".js", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Page_Asked_IsServedWithItsPolicy(string path)
    {
        await using var host = await OperatorHost.StartAsync();
        using var http = new HttpClient { BaseAddress = host.Address };

        using var answer = await http.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            Header(answer, "Content-Security-Policy"));
        Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
        Assert.Equal("no-referrer", Header(answer, "Referrer-Policy"));
        Assert.Equal("DENY", Header(answer, "X-Frame-Options"));
        Assert.Equal("no-cache", Header(answer, "Cache-Control"));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Page_Itself_HasNeitherScriptNorStyleNorAnAddressElsewhere(string path)
    {
        await using var host = await OperatorHost.StartAsync();
        using var http = new HttpClient { BaseAddress = host.Address };

        var page = await http.GetStringAsync(path);

        Assert.DoesNotMatch("(?i)<style|\\sstyle=|\\son[a-z]+=|javascript:|<script(?![^>]*\\ssrc=)|</script>(?<!></script>)|\\{\\{", page);
        Assert.All(ReferencePattern().Matches(page), reference => Assert.StartsWith("/", reference.Groups[1].Value, StringComparison.Ordinal));
        Assert.Contains("<main id=\"main\"", page, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(page, "<h1"));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Page_WithAllItsParts_IsSmallAndComplete(string path)
    {
        await using var host = await OperatorHost.StartAsync();
        using var http = new HttpClient { BaseAddress = host.Address };
        var page = await http.GetStringAsync(path);
        var size = Encoding.UTF8.GetByteCount(page);
        var wanted = new Queue<string>(ReferencePattern().Matches(page).Select(reference => reference.Groups[1].Value).Where(name => name.StartsWith("/assets/", StringComparison.Ordinal)));
        var seen = new HashSet<string>(StringComparer.Ordinal);

        while (wanted.TryDequeue(out var name))
        {
            if (!seen.Add(name))
            {
                continue;
            }

            using var answer = await http.GetAsync(name);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path} needs {name}, which is not served.");
            var text = await answer.Content.ReadAsStringAsync();
            size += Encoding.UTF8.GetByteCount(text);
            foreach (Match import in ImportPattern().Matches(text))
            {
                wanted.Enqueue($"/assets/{import.Groups[1].Value}");
            }
        }

        Assert.Contains("/assets/charts.js", seen);
        Assert.InRange(size, 1, LargestPage);
    }

    [Theory]
    [InlineData("/runs/spring/videos/a%2Fb%252F%20%22%3Cimg%20src=x%20onerror=alert(1)%3E")]
    [InlineData("/runs/%3Cscript%3Ealert(1)%3C%2Fscript%3E/videos/x")]
    [InlineData("/runs/spring/videos/%F0%9F%8E%AC")]
    public async Task VideoPage_NamesOfAnyKind_AreNotEchoed(string path)
    {
        await using var host = await OperatorHost.StartAsync();
        using var http = new HttpClient { BaseAddress = host.Address };

        Assert.Equal(await http.GetStringAsync("/runs/spring/videos/a.mp4"), await http.GetStringAsync(path));
    }

    [Fact]
    public async Task Assets_Asked_AreServedWithTheirTypes()
    {
        await using var host = await OperatorHost.StartAsync();
        using var http = new HttpClient { BaseAddress = host.Address };

        foreach (var (name, type) in new[] { ("overview.js", "text/javascript"), ("dashboard.css", "text/css"), ("icon.svg", "image/svg+xml") })
        {
            using var answer = await http.GetAsync($"/assets/{name}");
            Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
            Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
        }
    }

    [Fact]
    public async Task Charts_AreThoseThatTheReportCarries()
    {
        await using var host = await OperatorHost.StartAsync();
        using var http = new HttpClient { BaseAddress = host.Address };

        Assert.Equal(ChartAssets.Script, await http.GetStringAsync("/assets/charts.js"));
        Assert.Equal(ChartAssets.Style, await http.GetStringAsync("/assets/charts.css"));
        Assert.Contains("const Charts =", ChartAssets.Script, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/assets/charts.js")]
    public async Task Known_VersionAskedAgain_IsNotSentAgain(string path)
    {
        await using var host = await OperatorHost.StartAsync();
        using var http = new HttpClient { BaseAddress = host.Address };
        using var first = await http.GetAsync(path);

        using var known = new HttpRequestMessage(HttpMethod.Get, path);
        known.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var again = await http.SendAsync(known);
        using var old = new HttpRequestMessage(HttpMethod.Get, path);
        old.Headers.TryAddWithoutValidation("If-None-Match", "\"older\"");
        using var newer = await http.SendAsync(old);

        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Empty(await again.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.OK, newer.StatusCode);
    }

    [Fact]
    public async Task Head_OfAPage_HasItsLengthAndNoBody()
    {
        await using var host = await OperatorHost.StartAsync();
        using var http = new HttpClient { BaseAddress = host.Address };

        using var answer = await http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(DashboardRoutes.Pages["/"].Content.Length, answer.Content.Headers.ContentLength);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("/assets/other.js")]
    [InlineData("/assets/shell.html")]
    [InlineData("/assets/..%2F..%2Fsummary.json")]
    [InlineData("/assets/Dashboard%2Fapi.js")]
    [InlineData("/assets/")]
    [InlineData("/runs/spring/videos/a/b")]
    public async Task Anything_Else_IsNotThere(string path)
    {
        await using var host = await OperatorHost.StartAsync();
        using var http = new HttpClient { BaseAddress = host.Address };

        using var answer = await http.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Script_Any_MakesNoMarkupOfTextsAndRunsNone(string name)
    {
        var text = Encoding.UTF8.GetString(DashboardRoutes.Assets[name].Content);

        Assert.DoesNotMatch("innerHTML|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\(|new Function|DOMParser|setAttribute\\('style'|https?://(?!www\\.w3\\.org/2000/svg)", text);
    }

    private static string Header(HttpResponseMessage answer, string name) => Assert.Single(answer.Headers.GetValues(name));

    [GeneratedRegex("(?:src|href)=\"([^\"#][^\"]*)\"")]
    private static partial Regex ReferencePattern();

    [GeneratedRegex("from '\\./([a-z]+\\.js)'")]
    private static partial Regex ImportPattern();
}
