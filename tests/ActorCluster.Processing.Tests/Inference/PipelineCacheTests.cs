using ActorCluster.Core.Faults;
using ActorCluster.Core.Pipelines;
using ActorCluster.Processing.Inference;
using ActorCluster.Processing.Runs;

namespace ActorCluster.Processing.Tests.Inference;

public sealed class PipelineCacheTests : IDisposable
{
    private readonly TempData _data = new();
    private readonly PipelineCache _cache;
    private readonly RunSpec _run;

    public PipelineCacheTests()
    {
        _cache = new PipelineCache(_data.Data, TestPipeline.Tools, new InferenceSettings());
        var (path, definition) = TestPipeline.Write(_data, chunkSeconds: 10);
        var submission = RunSubmission.Freeze(_data.Data, "demo", path, definition, _ => [], TestPipeline.Tools, true, false);
        submission.Assets.Dispose();
        _run = submission.Spec;
    }

    public void Dispose()
    {
        _cache.Dispose();
        _data.Dispose();
    }

    [Fact]
    public void Get_SubmittedRun_LoadsItsFrozenPipelineOnce()
    {
        var assets = _cache.Get(_run);
        Assert.Equal((_run.EncoderHash, _run.PipelineHash), (assets.EncoderHash, PipelineFile.Hash(assets.Definition)));
        Assert.Same(assets, _cache.Get(_run));
    }

    [Fact]
    public void Get_RunOfAnotherEncoder_IsRefusedByName()
    {
        var fault = Assert.Throws<EnvironmentFaultException>(() => _cache.Get(_run with { EncoderHash = new string('0', 64) }));
        Assert.Contains("000000000000", fault.Cause, StringComparison.Ordinal);
        Assert.Contains(EncoderIdentity.HardwareClass, fault.Cause, StringComparison.Ordinal);
        Assert.Contains(TestPipeline.Tools.Version, fault.Cause, StringComparison.Ordinal);
        Assert.NotNull(_cache.Get(_run));
    }

    [Fact]
    public void Get_PipelineFileOfAnotherHash_IsRefused()
    {
        File.WriteAllBytes(_data.Data.Run("demo").Pipeline, PipelineFile.ToCanonicalJson(TestPipeline.Lite));
        var fault = Assert.Throws<EnvironmentFaultException>(() => _cache.Get(_run));
        Assert.Contains("is not the pipeline", fault.Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{")]
    public void Get_MissingOrDamagedPipelineFile_FailsAndSucceedsOnceRestored(string? content)
    {
        var path = _data.Data.Run("demo").Pipeline;
        var good = File.ReadAllBytes(path);
        File.Delete(path);
        if (content is not null)
        {
            File.WriteAllText(path, content);
        }

        Assert.Contains("cannot be read", Assert.Throws<EnvironmentFaultException>(() => _cache.Get(_run)).Cause, StringComparison.Ordinal);
        File.WriteAllBytes(path, good);
        Assert.Equal(_run.EncoderHash, _cache.Get(_run).EncoderHash);
    }

    [Fact]
    public void GetFresh_FilesAsTheyWere_IsLoadedOnceAndIsTheRunsOwn()
    {
        var (definition, model) = OwnModel();

        var first = _cache.GetFresh(definition, _data.Inputs);

        Assert.Same(first, _cache.GetFresh(definition, _data.Inputs));
        File.SetLastWriteTimeUtc(model, DateTime.UnixEpoch); // The same content again is the same pipeline.
        Assert.Same(first, _cache.GetFresh(definition, _data.Inputs));
        Assert.NotSame(first, _cache.GetFresh(definition with { ChunkSeconds = 3 }, _data.Inputs));
    }

    [Fact]
    public void GetFresh_ModelHasChanged_IsAnotherPipeline()
    {
        var (definition, model) = OwnModel();
        var first = _cache.GetFresh(definition, _data.Inputs);

        File.WriteAllBytes(model, [.. File.ReadAllBytes(model), 0x7a, 0x00]); // A field that readers of ONNX do not know.

        Assert.NotEqual(first.EncoderHash, _cache.GetFresh(definition, _data.Inputs).EncoderHash);
        File.Delete(model);
        Assert.Contains("own.onnx", Assert.Throws<EnvironmentFaultException>(() => _cache.GetFresh(definition, _data.Inputs)).Cause, StringComparison.Ordinal);
    }

    private (PipelineDefinition Definition, string Model) OwnModel()
    {
        var (path, definition) = TestPipeline.Write(_data, chunkSeconds: 10);
        var model = Path.Combine(_data.Inputs, "own.onnx");
        File.Copy(Path.GetFullPath(definition.Faces.Model, Path.GetDirectoryName(path)!), model);
        return (definition with { Faces = definition.Faces with { Model = model } }, model);
    }

    [Fact]
    public void Load_MissingModel_IsAnEnvironmentFaultThatNamesIt()
    {
        var definition = TestPipeline.Lite with { Faces = TestPipeline.Lite.Faces with { Model = "none.onnx" } };
        var fault = Assert.Throws<EnvironmentFaultException>(() => PipelineAssets.Load(definition, _data.Inputs, new InferenceSettings(), "5.1"));
        Assert.Contains("none.onnx", fault.Cause, StringComparison.Ordinal);
    }
}
