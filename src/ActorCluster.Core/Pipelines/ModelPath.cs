namespace ActorCluster.Core.Pipelines;

/// <summary>Where a pipeline file's model paths lead.</summary>
public static class ModelPath
{
    /// <summary>
    /// The full path of a model. One that begins with <c>./</c> or <c>../</c> lies beside the pipeline file; any other relative one, such as
    /// <c>microsoft/wavlm-large</c>, in the folder of models.
    /// </summary>
    /// <param name="model">The path in the pipeline file.</param>
    /// <param name="pipelineFolder">The pipeline file's folder.</param>
    /// <param name="modelsFolder">The folder of models; null for none, then every path is relative to the pipeline file.</param>
    public static string Resolve(string model, string pipelineFolder, string? modelsFolder)
    {
        var beside = model.StartsWith("./", StringComparison.Ordinal) || model.StartsWith("../", StringComparison.Ordinal);
        return Path.GetFullPath(model, Path.GetFullPath(beside ? pipelineFolder : modelsFolder ?? pipelineFolder));
    }
}
