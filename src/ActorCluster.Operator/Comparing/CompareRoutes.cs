using System.Net;
using ActorCluster.Core.Formats;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Runs;
using ActorCluster.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ActorCluster.Operator.Comparing;

/// <summary><c>GET /v1/compare</c>: where two runs over the same videos differ. Comparisons are kept for a few pairs of runs, those that were asked for last.</summary>
/// <param name="asked">The runs that a request names.</param>
/// <param name="data">The data folder.</param>
internal sealed class CompareRoutes(AskedRun asked, DataDirectory data)
{
    private const int MostRemembered = 4;
    private const int ListedVideos = 50;
    private const int MostListed = 500;

    private readonly Lock _gate = new();
    private readonly List<(string A, string B, RunComparison Comparison)> _remembered = []; // The one asked for last at the end.

    /// <summary>Adds it to a server.</summary>
    public void Map(WebApplication server) => server.MapGet("/v1/compare", CompareAsync);

    private async Task CompareAsync(HttpContext context)
    {
        var query = new ApiQuery(context.Request, "a", "b", "skip", "take");
        var (a, b) = (NameOf(query, "a"), NameOf(query, "b"));
        var (skip, take) = (query.Number("skip", 0), query.Number("take", ListedVideos, MostListed));
        var node = asked.Service;
        var (ofA, ofB) = (await asked.FindAsync(a), await asked.FindAsync(b));
        await OperatorRoutes.AnswerAsync(context, HttpStatusCode.OK, await Comparison(a, b).GoOnAsync(node, ofA, ofB, skip, take, context.RequestAborted));
    }

    private RunComparison Comparison(string a, string b)
    {
        lock (_gate)
        {
            var known = _remembered.FirstOrDefault(r => (r.A, r.B) == (a, b)).Comparison;
            _remembered.RemoveAll(r => (r.A, r.B) == (a, b));
            var comparison = known ?? new RunComparison(data, a, b);
            _remembered.Add((a, b, comparison));
            if (_remembered.Count > MostRemembered)
            {
                _remembered.RemoveAt(0);
            }

            return comparison;
        }
    }

    private static string NameOf(ApiQuery query, string parameter) =>
        query.Text(parameter) is { } name && RunName.IsValid(name) ? name : throw ApiQuery.Wrong($"{parameter}: must be a run's name. Ask for /v1/compare?a=RUN&b=RUN.");
}
