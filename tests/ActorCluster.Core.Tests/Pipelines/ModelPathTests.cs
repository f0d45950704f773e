using ActorCluster.Core.Pipelines;

namespace ActorCluster.Core.Tests.Pipelines;

public class ModelPathTests
{
    [Theory]
    [InlineData("../models/a.onnx", "/configs/pipelines", "/weights", "/configs/models/a.onnx")]
    [InlineData("./a.onnx", "/configs/pipelines", "/weights", "/configs/pipelines/a.onnx")]
    [InlineData("microsoft/wavlm-large", "/configs/pipelines", "/weights", "/weights/microsoft/wavlm-large")]
    [InlineData("microsoft/wavlm-large", "/configs/pipelines", null, "/configs/pipelines/microsoft/wavlm-large")]
    [InlineData("/abs/a", "/configs/pipelines", "/weights", "/abs/a")]
    public void Resolve_Path_LeadsBesideThePipelineOrIntoTheModels(string model, string pipelineFolder, string? modelsFolder, string expected) =>
        Assert.Equal(expected, ModelPath.Resolve(model, pipelineFolder, modelsFolder));
}
