using System.Text.RegularExpressions;
using ActorCluster.Node.Tests;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace ActorCluster.Cluster.Tests.Dashboard;

/// <summary>The pages of a real cluster in a real browser, with everything that they ask for and show.</summary>
[Collection(ClusterCollection.Name)]
public sealed partial class DashboardTests : IClassFixture<DashboardCluster>
{
    private const int HeaviestPage = 300_000;

    /// <summary>Whether the table tells other frames of a video than when it was looked at last.</summary>
    private const string SomeVideoGotOn =
        """
        () => {
          const [before, now] = [window.framesBefore ?? {}, {}];
          for (const row of document.querySelectorAll('.rows .row')) now[row.querySelector('.c-id').textContent] = row.querySelector('.c-frames').textContent;
          window.framesBefore = now;
          return Object.keys(now).some(id => before[id]?.includes('/') && before[id] !== now[id]);
        }
        """;

    /// <summary>By how many seconds the playhead is apart from what the video shows.</summary>
    private const string Apart =
        """
        (() => {
          const [video, plot, head] = ['video', '.plot', '.playhead'].map(name => document.querySelector(name));
          return Math.abs((parseFloat(head.style.left) - plot.offsetLeft) / plot.offsetWidth * video.duration - video.currentTime);
        })()
        """;

    private static readonly TimeSpan RestsFor = TimeSpan.FromSeconds(2);
    private readonly DashboardCluster _cluster;
    private readonly ITestOutputHelper _output;

    public DashboardTests(DashboardCluster cluster, ITestOutputHelper output)
    {
        (_cluster, _output) = (cluster, output);
        SetDefaultExpectTimeout(60_000);
    }

    [Fact]
    public async Task RunAtWork_IsLookedAt_MovesByItselfAndObeysItsButtons()
    {
        await using var overview = await DashboardPage.OpenAsync(_cluster, "/");
        await using var run = await DashboardPage.OpenAsync(_cluster, $"/runs/{DashboardCluster.AtWork}?state=processing");
        var card = overview.Page.Locator("article.run").Filter(new() { HasText = DashboardCluster.AtWork });
        await Expect(card.Locator(".badge")).ToHaveTextAsync("running");
        await Expect(overview.Page.Locator("article.node")).ToHaveCountAsync(3);
        await MovesAsync(card.Locator(".about"));
        await MovesAsync(run.Page.Locator("#introduction"));
        await UntilAsync(run.Page, SomeVideoGotOn);
        await Expect(run.Page.Locator("#log li time").First).ToBeVisibleAsync();

        // Asked, and not meant.
        await card.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await overview.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Back" }).ClickAsync();
        Assert.Equal("running", (string?)(await _cluster.AskAsync($"/v1/runs/{DashboardCluster.AtWork}"))["phase"]);

        await card.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await ConfirmAsync(overview.Page, "Pause");
        await Expect(card.Locator(".badge")).ToHaveTextAsync("paused");
        await Expect(run.Page.Locator("h1 .badge")).ToHaveTextAsync("paused");
        await _cluster.UntilAsync(DashboardCluster.AtWork, progress => (string?)progress["phase"] == "paused" && progress["in_flight"]!.AsArray().Count == 0);
        var attempts = await _cluster.AttemptsAsync(DashboardCluster.AtWork);
        await _cluster.UntilPassedAsync(RestsFor);
        Assert.Equal(attempts, await _cluster.AttemptsAsync(DashboardCluster.AtWork));

        await run.Page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await ConfirmAsync(run.Page, "Resume");
        await Expect(card.Locator(".badge")).ToHaveTextAsync("running");
        await MovesAsync(run.Page.Locator("#introduction"));
        Assert.True(await _cluster.AttemptsAsync(DashboardCluster.AtWork) > attempts);
        overview.AssertQuiet();
        run.AssertQuiet();
    }

    [Fact]
    public async Task QuarantinedVideo_IsFoundFromTheOverview_SaysItsCauseAndItsNameIsText()
    {
        await using var page = await DashboardPage.OpenAsync(_cluster, "/");
        await page.Page.Locator("#ended tr").Filter(new() { HasText = DashboardCluster.First }).GetByRole(AriaRole.Link, new() { Name = "1", Exact = true }).ClickAsync();
        var row = page.Page.Locator(".rows .row");
        await Expect(row).ToHaveCountAsync(1);
        await Expect(row.Locator(".c-id")).ToHaveTextAsync(DashboardCluster.Broken);
        var cause = (string)(await _cluster.AskAsync($"/v1/runs/{DashboardCluster.First}/videos?state=quarantined"))["rows"]![0]!["cause"]!;
        await Expect(row.Locator(".c-cause")).ToContainTextAsync(cause);
        await Expect(page.Page.Locator("#causes")).ToContainTextAsync(cause);

        await row.Locator("a").ClickAsync();
        await Expect(page.Page.Locator("#name")).ToHaveTextAsync($"{DashboardCluster.Broken} quarantined");
        await Expect(page.Page.Locator("#notices")).ToContainTextAsync(cause);
        await Expect(page.Page.Locator("main b", new() { HasTextRegex = Alone() })).ToHaveCountAsync(0);
        page.AssertQuiet();
    }

    [Fact]
    public async Task RunOfManyVideos_IsScrolledSortedAndFiltered_ShowsWhatIsAskedForAndStaysLight()
    {
        await using var run = await DashboardPage.OpenAsync(_cluster, $"/runs/{DashboardCluster.Large}");
        var (table, rows) = (run.Page.Locator(".virtual"), run.Page.Locator(".rows .row"));
        await Expect(rows.First).ToContainTextAsync("v0");
        await Expect(run.Page.Locator("#labels > *").First).ToBeVisibleAsync(); // Bars where a video was quicker than the pause.
        var weight = await run.Page.EvaluateAsync<int>("performance.getEntries().reduce((sum, entry) => sum + (entry.transferSize ?? 0), 0)");
        var painted = await run.Page.EvaluateAsync<double>("performance.getEntriesByName('first-contentful-paint')[0].startTime");
        _output.WriteLine($"The page of {DashboardCluster.LargeVideos} videos: {weight} bytes, first painted after {painted:F0} ms.");
        Assert.InRange(weight, 1, HeaviestPage);

        await table.ScrollIntoViewIfNeededAsync();
        await table.EvaluateAsync("table => table.scrollTop = table.scrollHeight");
        await Expect(rows.Last.Locator(".c-id")).ToHaveTextAsync($"v{DashboardCluster.LargeVideos - 1}");
        await Expect(rows.Last).ToBeInViewportAsync();
        Assert.InRange(await rows.CountAsync(), 10, 60);

        // The keys that people know: to the first row, and one on.
        await rows.Last.Locator("a").FocusAsync();
        await run.Page.Keyboard.PressAsync("Home");
        await Expect(rows.First.Locator("a")).ToBeFocusedAsync();
        await run.Page.Keyboard.PressAsync("ArrowDown");
        await Expect(rows.Nth(1).Locator("a")).ToBeFocusedAsync();
        await Expect(rows.Nth(1).Locator(".c-id")).ToHaveTextAsync("v1");

        await run.Page.GetByRole(AriaRole.Columnheader, new() { Name = "#" }).GetByRole(AriaRole.Button).ClickAsync();
        await Expect(rows.First.Locator(".c-id")).ToHaveTextAsync($"v{DashboardCluster.LargeVideos - 1}");
        await run.Page.GetByLabel("Videos with").FillAsync("V9999");
        await Expect(run.Page.Locator("#matches")).ToHaveTextAsync("11 videos like that");
        await Expect(rows).ToHaveCountAsync(11);
        await run.Page.GetByLabel("State").SelectOptionAsync("quarantined");
        await Expect(run.Page.Locator(".nothing")).ToBeVisibleAsync();
        await run.Page.GetByRole(AriaRole.Button, new() { Name = "All" }).ClickAsync();
        await Expect(run.Page.Locator("#matches")).ToHaveTextAsync(Many());
        run.AssertQuiet();
    }

    [Fact]
    public async Task CompletedVideo_IsPlayed_ItsTimelineFollows()
    {
        await using var video = await DashboardPage.OpenAsync(_cluster, $"/runs/{DashboardCluster.First}/videos/{DashboardCluster.Talking}");
        var page = video.Page;
        await Expect(page.Locator("#timeline .plot svg path").First).ToBeVisibleAsync();
        await Expect(page.Locator("#timeline .ribbon div").First).ToBeVisibleAsync();
        var units = page.Locator("#units tbody tr");
        await Expect(units).ToHaveCountAsync(1);
        await Expect(units).ToContainTextAsync("encoded");
        var node = await units.Locator("td[data-name=Node]").InnerTextAsync();
        Assert.Contains(_cluster.Nodes, address => node.StartsWith(address + "#", StringComparison.Ordinal));

        await Expect(page.Locator("#history li").First).ToBeVisibleAsync();
        await UntilAsync(page, "document.querySelector('video').readyState >= 2");
        await Expect(page.Locator(".face")).ToBeVisibleAsync();
        await page.Locator("#timeline .plot").FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await UntilAsync(page, "document.querySelector('video').currentTime > 0.5");
        await UntilAsync(page, $"{Apart} < 0.25");
        await page.Keyboard.PressAsync("Space");
        await UntilAsync(page, "document.querySelector('video').paused");

        // A click into the timeline shows that moment.
        var plot = (await page.Locator("#timeline .plot").BoundingBoxAsync())!;
        await page.Locator("#timeline .plot").ClickAsync(new() { Position = new() { X = plot.Width * 0.75f, Y = plot.Height / 2 } });
        await UntilAsync(page, "Math.abs(document.querySelector('video').currentTime - 0.75 * document.querySelector('video').duration) < 0.2");
        await UntilAsync(page, "!document.querySelector('video').seeking");
        await UntilAsync(page, $"{Apart} < 0.2");
        await Expect(page.Locator("#now .label b")).Not.ToBeEmptyAsync();
        video.AssertQuiet();
    }

    [Fact]
    public async Task TwoRuns_OnTheSameVideos_AreCompared()
    {
        await using var compare = await DashboardPage.OpenAsync(_cluster, "/compare");
        var page = compare.Page;
        await Expect(page.Locator("#a option")).ToHaveCountAsync(4);
        await page.Locator("#a").SelectOptionAsync(DashboardCluster.First);
        await page.Locator("#b").SelectOptionAsync(DashboardCluster.Second);
        await Expect(page.Locator("#introduction")).ToHaveTextAsync($"{DashboardCluster.Videos} videos with the same content, completed in both.");
        await Expect(page.Locator("#matrix tbody tr")).ToHaveCountAsync(8);
        await Expect(page.Locator("#f1 tbody tr")).ToHaveCountAsync(10);
        await Expect(page.Locator("#videos tbody tr")).ToHaveCountAsync(DashboardCluster.Videos);
        await page.GetByRole(AriaRole.Button, new() { Name = DashboardCluster.Talking }).ClickAsync();
        await Expect(page.Locator("#both .timeline")).ToHaveCountAsync(2);
        compare.AssertQuiet();
    }

    [Theory]
    [InlineData("overview", "/", "#ended tbody tr >> nth=1")]
    [InlineData("run-at-work", "/runs/summer", "#explanation li >> nth=4")]
    [InlineData("run-large", "/runs/everything", ".rows a >> nth=0")]
    [InlineData("run-ended", "/runs/spring-lite", ".rows a >> nth=10")]
    [InlineData("video", "/runs/spring-lite/videos/hello-crop", "#timeline .playhead")]
    [InlineData("video-quarantined", "/runs/spring-lite/videos/%3Cb%3Ex%3C%2Fb%3E.mp4", "#notices .notice")]
    [InlineData("compare", "/compare?a=spring-lite&b=spring-raw", "#videos tbody tr >> nth=0")]
    [InlineData("login", "/login", "#token")]
    [InlineData("missing", "/runs/winter", "main.missing .notice")]
    public async Task Page_WideAndNarrowLightAndDark_KeepsNobodyOut(string name, string path, string shown)
    {
        await using var page = await DashboardPage.OpenAsync(_cluster, path);
        await Expect(page.Page.Locator(shown)).ToBeVisibleAsync();
        await page.AssertUsableAsync(name);
        if (name != "missing")
        {
            page.AssertQuiet();
        }
    }

    [Fact]
    public async Task Question_WideAndNarrowLightAndDark_KeepsNobodyOut()
    {
        await using var page = await DashboardPage.OpenAsync(_cluster, $"/runs/{DashboardCluster.AtWork}");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel …" }).ClickAsync();
        await Expect(page.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await page.AssertUsableAsync("question");
        page.AssertQuiet();
    }

    /// <summary>Waits until a text is another one, although nobody does anything.</summary>
    private static async Task MovesAsync(ILocator place)
    {
        await Expect(place).Not.ToBeEmptyAsync();
        await Expect(place).Not.ToHaveTextAsync(await place.InnerTextAsync());
    }

    private static async Task ConfirmAsync(IPage page, string button)
    {
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
    }

    /// <summary>Waits until something holds in a page. Playwright has it, but by what the pages' policy forbids.</summary>
    private static async Task UntilAsync(IPage page, string condition)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        while (!await page.EvaluateAsync<bool>(condition))
        {
            Assert.True(await look.WaitForNextTickAsync(deadline.Token), condition);
        }
    }

    [GeneratedRegex("^x$")]
    private static partial Regex Alone();

    [GeneratedRegex("^100.000 videos$")]
    private static partial Regex Many();
}
