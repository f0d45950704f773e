using ActorCluster.Core;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Pipelines;
using ActorCluster.Processing.Runs;

namespace ActorCluster.Processing.Tests.Runs;

public sealed class RunSubmissionTests : IDisposable
{
    private readonly TempData _data = new();
    private readonly (string Path, PipelineDefinition Definition) _pipeline;

    public RunSubmissionTests() => _pipeline = TestPipeline.Write(_data, chunkSeconds: 10);

    public void Dispose() => _data.Dispose();

    [Fact]
    public void Freeze_NewRun_WritesManifestPipelineAndFolders()
    {
        var (a, b) = (_data.AddVideo("a.mp4", [1]), _data.AddVideo("b.mp4", [2]));
        var run = Freeze([a, b]);
        Assert.Equal((2, 2, 0, 0), (run.Videos, run.Added, run.Changed, run.Known));
        Assert.Empty(run.Vanished);
        Assert.Equal([(a, 1), (b, 1)], Lines(run).Select(l => (l.Uri, l.Revision)));
        var folder = _data.Data.Run("demo");
        Assert.Equal(PipelineFile.Hash(_pipeline.Definition), PipelineFile.Hash(PipelineFile.Parse(File.ReadAllBytes(folder.Pipeline))));
        Assert.True(Directory.Exists(folder.Predictions) && Directory.Exists(folder.Plans));
        Assert.Equal(("demo", 2, "test", run.Assets.EncoderHash, true, false), (run.Spec.Name, run.Spec.Videos, run.Spec.PipelineName, run.Spec.EncoderHash, run.Spec.Csv, run.Spec.Parquet));
    }

    [Fact]
    public void Freeze_SameAgain_IsTheSameSpecification()
    {
        var a = _data.AddVideo("a.mp4", [1]);
        var first = Freeze([a]);
        var second = Freeze([a]);
        Assert.Equal(first.Spec, second.Spec);
        Assert.Equal((0, 0, 1), (second.Added, second.Changed, second.Known));
    }

    [Fact]
    public void Freeze_FolderThatHasGrown_AppendsAndKeepsEveryPlace()
    {
        var (b, c) = (_data.AddVideo("b.mp4", [1]), _data.AddVideo("c.mp4", [1]));
        Freeze([b, c]);
        var grown = Freeze([_data.AddVideo("a.mp4", [3]), b, c]);
        Assert.Equal((3, 1, 0, 2), (grown.Videos, grown.Added, grown.Changed, grown.Known));
        Assert.Equal(["b.mp4", "c.mp4", "a.mp4"], Lines(grown).Select(l => l.Id));
    }

    [Fact]
    public void Freeze_ChangedFile_GetsTheNextRevision()
    {
        var (a, b) = (_data.AddVideo("a.mp4", [1]), _data.AddVideo("b.mp4", [1]));
        Freeze([a, b]);
        File.WriteAllBytes(a, [1, 2]);
        Assert.Equal(1, Freeze([a, b]).Changed);
        File.SetLastWriteTimeUtc(a, new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        var run = Freeze([a, b]);
        Assert.Equal(1, run.Changed);
        Assert.Equal([3, 1], Lines(run).Select(l => l.Revision));
        Assert.Equal(2, Lines(run)[0].Length);
    }

    [Fact]
    public void Freeze_VanishedFile_IsReportedAndStays()
    {
        var (a, b) = (_data.AddVideo("a.mp4", [1]), _data.AddVideo("b.mp4", [1]));
        Freeze([a, b]);
        File.Delete(a);
        var run = Freeze([b]);
        Assert.Equal("a.mp4", Assert.Single(run.Vanished));
        Assert.Equal((2, 0), (run.Videos, run.Changed));
        Assert.Equal(1, Lines(run)[0].Revision);
    }

    [Fact]
    public void Freeze_FileThatWasMissingAtFirst_IsDoneAgainWhenItAppears()
    {
        var a = Path.Combine(_data.Inputs, "a.mp4");
        Assert.Empty(Freeze([a]).Vanished);
        _data.AddVideo("a.mp4", [1]);
        var run = Freeze([a]);
        Assert.Equal((1, 2), (run.Changed, Lines(run)[0].Revision));
    }

    [Fact]
    public void Freeze_AddedOutputFormat_RedoesWhatWasRegisteredWithoutItAndKeepsIt()
    {
        var (a, b) = (_data.AddVideo("a.mp4", [1]), _data.AddVideo("b.mp4", [1]));
        Freeze([a]);
        var both = Freeze([a, b], csv: true, parquet: true);
        Assert.Equal([2, 1], Lines(both).Select(l => l.Revision));
        Assert.Equal((1, 1, true, true), (both.Added, both.Changed, both.Spec.Csv, both.Spec.Parquet));

        var csv = Freeze([a, b]);
        Assert.Equal((0, 0), (csv.Added, csv.Changed));
        Assert.Equal(both.Spec, csv.Spec);
    }

    [Fact]
    public void Freeze_OtherPipeline_IsRefusedAndLeavesTheRunAsItWas()
    {
        var a = _data.AddVideo("a.mp4", [1]);
        var first = Freeze([a]);
        var (path, other) = TestPipeline.Write(_data, chunkSeconds: 5);
        var fault = Assert.Throws<EnvironmentFaultException>(() => RunSubmission.Freeze(_data.Data, "demo", path, other, _ => [Entry(a)], TestPipeline.Tools, csv: true, parquet: false));
        Assert.Contains("another pipeline", fault.Cause, StringComparison.Ordinal);
        Assert.Contains("--run", fault.Remedy, StringComparison.Ordinal);
        Assert.Equal(first.Spec, Freeze([a]).Spec);
    }

    [Fact]
    public void Freeze_DamagedFrozenPipeline_IsRefusedByItsPath()
    {
        var a = _data.AddVideo("a.mp4", [1]);
        Freeze([a]);
        File.WriteAllText(_data.Data.Run("demo").Pipeline, "{");
        var fault = Assert.Throws<EnvironmentFaultException>(() => Freeze([a]));
        Assert.Contains("is damaged", fault.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void Freeze_EntriesAreAskedWithWhatIsKnown()
    {
        var a = _data.AddVideo("a.mp4", [1]);
        Freeze([a]);
        IReadOnlyList<VideoEntry>? asked = null;
        using var assets = RunSubmission.Freeze(_data.Data, "demo", _pipeline.Path, _pipeline.Definition, known => asked = known, TestPipeline.Tools, true, false).Assets;
        Assert.Equal([Entry(a)], asked!);
    }

    private static VideoEntry Entry(string path) => new(Path.GetFileName(path), path);

    private RunSubmission Freeze(string[] videos, bool csv = true, bool parquet = false)
    {
        var run = RunSubmission.Freeze(_data.Data, "demo", _pipeline.Path, _pipeline.Definition, _ => [.. videos.Select(Entry)], TestPipeline.Tools, csv, parquet);
        run.Assets.Dispose();
        return run;
    }

    private IReadOnlyList<FrozenManifest.Line> Lines(RunSubmission run) => FrozenManifest.Read(_data.Data.Run(run.Run).Manifest, run.Spec.ManifestHash);
}
