using System.Net;
using ActorCluster.Processing.Hosting;
using ActorCluster.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ActorCluster.Operator;

/// <summary>All that can be asked of a node without changing anything, beside what the command line needs.</summary>
/// <param name="asked">The run, and the video, that a request names.</param>
/// <param name="data">The data folder.</param>
internal sealed class ReadApi(AskedRun asked, DataDirectory data)
{
    /// <summary>Answers for which there is a body and its head.</summary>
    public static readonly string[] Reads = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Adds it to a server.</summary>
    public void Map(WebApplication server)
    {
        new RunRoutes(asked, data).Map(server);
        new VideoRoutes(asked, data).Map(server);
        new EventRoutes(asked, server.Lifetime.ApplicationStopping).Map(server);
        server.MapGet("/v1/nodes", async context => await AnswerAsync(context, new NodeList(NodeAnswer.Of(await asked.Service.Control.NodesAsync()))));
        server.MapGet("/v1/openapi.json", OpenApiDocument.AnswerAsync);
    }

    /// <summary>Answers with a value, moments in it as text.</summary>
    public static Task AnswerAsync<T>(HttpContext context, T value) => OperatorRoutes.AnswerAsync(context, HttpStatusCode.OK, value, options: ApiJson.Options);
}
