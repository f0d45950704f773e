using System.Collections.Concurrent;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace ActorCluster.Cluster.Tests.Dashboard;

/// <summary>A page of the dashboard in a browser of its own, and what the browser complains of meanwhile.</summary>
internal sealed class DashboardPage : IAsyncDisposable
{
    private const int Wide = 1280;
    private const int Narrow = 390;
    private const string ScreenshotsVariable = "ACTORCLUSTER_SCREENSHOTS";

    /// <summary>What a page asks for although it need not be there, by how its address ends.</summary>
    private static readonly string[] MayBeMissing = ["/timeline", "/boxes"];

    /// <summary>What is right would be told at length, too.</summary>
    private static readonly AxeRunOptions OnlyWhatIsWrong = new() { ResultTypes = [ResultType.Violations] };

    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _complaints = [];

    private DashboardPage(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.PageError += (_, error) => _complaints.Enqueue($"error: {error}");
        page.Crash += (_, _) => _complaints.Enqueue("the page crashed");
        page.Console += (_, said) =>
        {
            // That something was answered with a failure is said of the answer.
            if (said.Type is "error" or "warning" && !said.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
            {
                _complaints.Enqueue($"{said.Type}: {said.Text}");
            }
        };
        page.Response += (_, answer) =>
        {
            if (answer.Status >= 400 && !(answer.Status == 404 && MayBeMissing.Any(answer.Url.EndsWith)))
            {
                _complaints.Enqueue($"{answer.Status} of {answer.Url}");
            }
        };
    }

    /// <summary>The page, as Playwright has it.</summary>
    public IPage Page { get; }

    /// <summary>Opens a page.</summary>
    public static async Task<DashboardPage> OpenAsync(DashboardCluster cluster, string path)
    {
        var context = await cluster.Browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = cluster.Address.ToString(), ViewportSize = new ViewportSize { Width = Wide, Height = 900 } });
        context.SetDefaultTimeout(60_000);
        await context.AddInitScriptAsync("addEventListener('securitypolicyviolation', event => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`))");
        var page = new DashboardPage(context, await context.NewPageAsync());
        await page.Page.GotoAsync(path);
        return page;
    }

    /// <summary>Fails if the browser had anything to complain of.</summary>
    public void AssertQuiet() => Assert.Empty(_complaints);

    /// <summary>Wide and narrow, light and dark: what keeps people from using it, and whether it goes beyond its sides. Leaves pictures where they are asked for.</summary>
    /// <param name="name">What pictures of it are called.</param>
    public async Task AssertUsableAsync(string name)
    {
        var found = new List<string>();
        foreach (var width in new[] { Wide, Narrow })
        {
            await Page.SetViewportSizeAsync(width, 900);
            foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
                var look = $"{name}-{width}-{scheme.ToString().ToLowerInvariant()}";
                await PictureAsync(look);
                if (await Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth") is > 0 and var beyond)
                {
                    found.Add($"{look}: {beyond} pixels too wide");
                }

                var report = await Page.RunAxe(OnlyWhatIsWrong);
                found.AddRange(report.Violations.Where(v => v.Impact is "serious" or "critical")
                    .Select(v => $"{look}: {v.Impact}: {v.Id}: {v.Help}: {string.Join("; ", v.Nodes.Take(5).Select(n => $"{n.Html} {string.Join(", ", n.Any.Concat(n.All).Select(c => c.Message))}"))}"));
            }
        }

        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    private async Task PictureAsync(string name)
    {
        if (Environment.GetEnvironmentVariable(ScreenshotsVariable) is { Length: > 0 } folder)
        {
            // Some is only asked for once it is in sight.
            await Page.EvaluateAsync("scrollTo(0, document.body.scrollHeight)");
            await Page.WaitForLoadStateAsync(LoadState.Load);
            await Page.EvaluateAsync(
                """
                async () => {
                  const isLoading = video => video.networkState === HTMLMediaElement.NETWORK_LOADING;
                  for (let frame = 0; frame < 30 || (frame < 600 && [...document.querySelectorAll('video')].some(isLoading)); frame++) await new Promise(requestAnimationFrame);
                  scrollTo(0, 0);
                }
                """);
            await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png"), FullPage = true });
        }
    }
}
