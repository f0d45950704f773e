using System.Globalization;
using System.Net;
using ActorCluster.Core.Formats;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Runs;
using ActorCluster.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ActorCluster.Operator.Comparing;

/// <summary><c>GET /v1/compare</c>: where two runs over the same videos differ. Comparisons are kept for a few pairs of runs, those that were asked for last.</summary>
/// <param name="data">The data folder.</param>
/// <param name="service">The node.</param>
internal sealed class CompareRoutes(DataDirectory data, Func<IRunService> service)
{
    private const int MostRemembered = 4;
    private const int ListedNames = 3;
    private const int ListedVideos = 50;
    private const int MostListed = 500;

    private readonly Lock _gate = new();
    private readonly List<(string A, string B, RunComparison Comparison)> _remembered = []; // The one asked for last at the end.

    /// <summary>Adds it to a server.</summary>
    public void Map(WebApplication server) => server.MapGet("/v1/compare", CompareAsync);

    private async Task CompareAsync(HttpContext context)
    {
        var problems = new List<string>();
        var (a, b) = (NameOf(context.Request, "a", problems), NameOf(context.Request, "b", problems));
        var skip = Number(context.Request, "skip", 0, int.MaxValue, 0, problems);
        var take = Number(context.Request, "take", 0, MostListed, ListedVideos, problems);
        if (problems.Count > 0)
        {
            throw new OperatorRoutes.RefusedException("Wrong request", HttpStatusCode.BadRequest, string.Join('\n', problems));
        }

        var node = service();
        var (ofA, ofB) = (await FindAsync(node, a), await FindAsync(node, b));
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

    private static async Task<RunQueries.RunProgress> FindAsync(IRunService node, string name)
    {
        if (await node.ProgressAsync(name) is { Registered: > 0 } progress)
        {
            return progress;
        }

        var nearest = NearestNames.Find(name, (await node.RunsAsync()).Select(r => r.Name), ListedNames);
        throw new OperatorRoutes.RefusedException(
            "No such run", HttpStatusCode.NotFound, nearest.IsEmpty ? $"There is no run '{name}'." : $"There is no run '{name}'. The nearest: {string.Join(", ", nearest)}.", nearest);
    }

    private static string NameOf(HttpRequest request, string field, List<string> problems)
    {
        if (request.Query[field] is [{ } name] && RunName.IsValid(name))
        {
            return name;
        }

        problems.Add($"{field}: must be a run's name. Ask for /v1/compare?a=RUN&b=RUN.");
        return "";
    }

    private static int Number(HttpRequest request, string field, int least, int most, int otherwise, List<string> problems)
    {
        var values = request.Query[field];
        if (values.Count == 0)
        {
            return otherwise;
        }

        if (values is [{ } text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        problems.Add($"{field}: must be a whole number from {least} to {most}.");
        return otherwise;
    }
}
