using System.Text;
using System.Text.Json.Nodes;
using ActorCluster.Tests;
using Microsoft.AspNetCore.Routing;

namespace ActorCluster.Operator.Tests.Api;

public sealed class OpenApiTests
{
    [Fact]
    public async Task Document_HasEveryRouteAndNothingElse()
    {
        await using var host = await OperatorHost.StartAsync();
        var routed = host.Endpoint.Routes.OfType<RouteEndpoint>()
            .Where(r => r.RoutePattern.RawText!.StartsWith("/v1/", StringComparison.Ordinal))
            .SelectMany(r => r.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods.Select(m => $"{m.ToLowerInvariant()} {r.RoutePattern.RawText}"));
        var described = (await DocumentAsync(host))["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject().Select(m => $"{m.Key} {p.Key}"));

        Assert.Equal(routed.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Document_ReadByAnother_IsWithoutError()
    {
        await using var host = await OperatorHost.StartAsync();
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes((await DocumentAsync(host)).ToJsonString()));

        var read = await Microsoft.OpenApi.OpenApiDocument.LoadAsync(stream, "json");

        Assert.Empty(read.Diagnostic!.Errors.Select(e => e.ToString()));
        Assert.Empty(read.Diagnostic.Warnings.Select(e => e.ToString()));
        Assert.Equal(Microsoft.OpenApi.OpenApiSpecVersion.OpenApi3_1, read.Diagnostic.SpecificationVersion);
        Assert.Contains("/v1/runs/{run}/videos/{video}/media", read.Document!.Paths!.Keys);
    }

    [Fact]
    public void Document_EveryOperation_HasANameOfItsOwn()
    {
        var ids = OpenApiDocument.Create()["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject().Select(m => m.Value!["operationId"]!.GetValue<string>())).ToList();

        Assert.Equal(ids.Count, ids.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Document_MomentsInNewAnswers_AreTextAndOtherNumbersAreNot()
    {
        var paths = OpenApiDocument.Create()["paths"]!;
        JsonNode Schema(string path) => paths[path]!["get"]!["responses"]!["200"]!["content"]!["application/json"]!["schema"]!["properties"]!;

        Assert.Equal("date-time", Schema("/v1/runs/{run}/videos/{video}")["timeline"]!["items"]!["properties"]!["at"]!["format"]!.GetValue<string>());
        Assert.Equal("integer", Schema("/v1/runs/{run}")["started_at"]!["type"]!.ToString());
        Assert.Contains("memory_bytes", Schema("/v1/nodes")["nodes"]!.ToJsonString());
    }

    private static async Task<JsonObject> DocumentAsync(OperatorHost host)
    {
        using var http = new HttpClient { BaseAddress = host.Address };
        using var response = await http.GetAsync("/v1/openapi.json");
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
    }
}
