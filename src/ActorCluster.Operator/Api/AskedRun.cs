using System.Net;
using ActorCluster.Core.Formats;
using ActorCluster.Operator.Palettes;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Runs;
using Microsoft.AspNetCore.Http;

namespace ActorCluster.Operator;

/// <summary>The run, and the video, that a request's path names.</summary>
/// <param name="service">The node.</param>
internal sealed class AskedRun(Func<IRunService> service)
{
    private const int ListedNames = 3;
    private const int VideoSegment = 5;

    /// <summary>The node.</summary>
    /// <exception cref="Core.Faults.EnvironmentFaultException">It has not joined its cluster yet.</exception>
    public IRunService Service => service();

    /// <summary>The video of <c>/v1/runs/{run}/videos/{video}</c>.</summary>
    public static string VideoOf(HttpContext context) => RawPath.Segment(context.Request, VideoSegment);

    /// <summary>The run of <c>/v1/runs/{run}</c>, which need not be there.</summary>
    /// <exception cref="OperatorRoutes.RefusedException">No run can have that name.</exception>
    public async Task<string> NameAsync(HttpContext context)
    {
        var name = (string)context.Request.RouteValues["run"]!;
        return RunName.IsValid(name) ? name : throw await NotThereAsync(name);
    }

    /// <summary>How far it is.</summary>
    /// <exception cref="OperatorRoutes.RefusedException">It is not there.</exception>
    public async Task<RunQueries.RunProgress> FindAsync(HttpContext context) => await FindAsync(await NameAsync(context));

    /// <summary>How far a run is.</summary>
    /// <param name="name">A name that a run can have.</param>
    /// <exception cref="OperatorRoutes.RefusedException">It is not there.</exception>
    public async Task<RunQueries.RunProgress> FindAsync(string name) =>
        await Service.ProgressAsync(name) is { Registered: > 0 } progress ? progress : throw await NotThereAsync(name);

    /// <summary>Asks about a run or a video that may not be there.</summary>
    /// <exception cref="OperatorRoutes.RefusedException">It is not there.</exception>
    public static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (RunRequestException e)
        {
            throw new OperatorRoutes.RefusedException("Not found", HttpStatusCode.NotFound, e.Message, e.Nearest);
        }
        catch (CommandRefusedException e)
        {
            throw new OperatorRoutes.RefusedException("Not found", HttpStatusCode.NotFound, e.Message, e.Nearest);
        }
    }

    private async Task<OperatorRoutes.RefusedException> NotThereAsync(string name)
    {
        var nearest = NearestNames.Find(name, (await Service.RunsAsync()).Select(r => r.Name), ListedNames);
        return new OperatorRoutes.RefusedException(
            "No such run",
            HttpStatusCode.NotFound,
            nearest.IsEmpty ? $"There is no run '{name}'." : $"There is no run '{name}'. The nearest: {string.Join(", ", nearest)}.",
            nearest);
    }
}
