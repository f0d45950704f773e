using System.Text.Json.Nodes;
using ActorCluster.Core.Pipelines;
using ActorCluster.Media;

namespace ActorCluster.Processing.Tests;

/// <summary>The pipeline that ships as <c>lite</c>, with what a test wants otherwise.</summary>
internal static class TestPipeline
{
    public static FfmpegTools Tools { get; } = FfmpegTools.Locate();

    public static PipelineDefinition Lite { get; } = PipelineFile.Parse(File.ReadAllBytes(RepositoryFiles.LitePipeline));

    /// <summary>Writes a pipeline file whose models are those of the repository. Large faces only: that is quicker.</summary>
    public static (string Path, PipelineDefinition Definition) Write(TempData data, double chunkSeconds, string name = "test")
    {
        var json = JsonNode.Parse(File.ReadAllText(RepositoryFiles.LitePipeline))!;
        json["name"] = name;
        json["chunkSeconds"] = chunkSeconds;
        json["faces"]!["smallestFace"] = 0.25;
        json["faces"]!["model"] = RepositoryFiles.Detector;
        json["visual"]!["model"] = RepositoryFiles.ExpressionNet;
        var path = Path.Combine(data.Inputs, $"{name}-{chunkSeconds}.json");
        File.WriteAllText(path, json.ToJsonString());
        return (path, PipelineFile.Parse(File.ReadAllBytes(path)));
    }
}
