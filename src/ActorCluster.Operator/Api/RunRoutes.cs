using System.Net;
using ActorCluster.Operator.Palettes;
using ActorCluster.Processing.Runs;
using ActorCluster.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ActorCluster.Operator;

/// <summary>What can be asked about a run.</summary>
/// <param name="asked">The run that a request names.</param>
/// <param name="data">The data folder.</param>
internal sealed class RunRoutes(AskedRun asked, DataDirectory data)
{
    private const int UsualRows = 50;

    /// <summary>Adds them to a server.</summary>
    public void Map(WebApplication server)
    {
        server.MapGet("/v1/runs/{run}/pace", async context => await ReadApi.AnswerAsync(context, await asked.Service.Control.PaceAsync((await asked.FindAsync(context)).Run)));
        server.MapGet("/v1/runs/{run}/explanation", ExplainAsync);
        server.MapGet("/v1/runs/{run}/totals", TotalsAsync);
        server.MapGet("/v1/runs/{run}/videos", VideosAsync);
        server.MapMethods("/v1/runs/{run}/report", ReadApi.Reads, ReportAsync);
    }

    private async Task ExplainAsync(HttpContext context)
    {
        var name = await asked.NameAsync(context);
        var explanation = await AskedRun.AskAsync(() => ExplainCommand.ExplainAsync(name, asked.Service, asked.Service.Control));
        await ReadApi.AnswerAsync(context, new ExplanationAnswer(explanation.Binding, explanation.Lines));
    }

    private async Task TotalsAsync(HttpContext context)
    {
        var name = await asked.NameAsync(context);
        await ReadApi.AnswerAsync(context, TotalsAnswer.Of(await AskedRun.AskAsync(() => asked.Service.TotalsAsync(name))));
    }

    private async Task VideosAsync(HttpContext context)
    {
        var name = await asked.NameAsync(context);
        var query = new ApiQuery(context.Request, "state", "text", "sort", "order", "skip", "take");
        var wanted = new VideoQuery(
            name,
            query.Choice<RunVideoState>("state"),
            Text: query.Text("text"),
            Sort: query.Choice<VideoSort>("sort") ?? VideoSort.Index,
            Descending: query.Choice<SortOrder>("order") == SortOrder.Desc,
            Skip: query.Number("skip", 0),
            Take: query.Number("take", UsualRows, VideoQuery.MostRows));
        await ReadApi.AnswerAsync(context, await AskedRun.AskAsync(() => asked.Service.VideosAsync(wanted)));
    }

    private async Task ReportAsync(HttpContext context)
    {
        var name = (await asked.FindAsync(context)).Run;
        data.RequirePresent();
        // What a script in it could do it does as a page of nowhere: it has the names of the world's files in it.
        context.Response.Headers.ContentSecurityPolicy = "sandbox allow-scripts allow-popups allow-downloads; frame-ancestors 'none'";
        await FileAnswer.SendAsync(context, data.Run(name).Report, "text/html; charset=utf-8", null, $"Run '{name}' has no report yet; 'run report {name}' writes it.");
    }

    private enum SortOrder
    {
        Asc,
        Desc,
    }
}
