using ActorCluster.Core;
using ActorCluster.Core.Pipelines;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Runs;
using ActorCluster.Storage;

namespace ActorCluster.Processing.Tests.Hosting;

/// <summary>Whole runs in this process: real clips, real models, real SQLite files.</summary>
public sealed class ClusterNodeTests(ShortClip clip) : IClassFixture<ShortClip>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Run_SampleClipAndABrokenFile_EndsWithBothFormatsAndCountsThatAddUp()
    {
        using var data = new TempData();
        string[] videos = [data.AddVideo("astronaut.mp4"), data.AddVideo("broken.mp4", [.. "no video at all"u8])];
        RunSummary first;
        await using (var node = await StartAsync(data))
        {
            var submission = Freeze(data, RepositoryFiles.LitePipeline, videos);
            await node.SubmitAsync(submission);
            await WaitAsync(node, p => p.IsCompleted);
            first = await node.ReportAsync("demo", TimeSpan.FromSeconds(1));
        }

        Assert.Equal(new RunCounts(2, 1, 1, 0), first.Counts);
        Assert.Equal((RunState.Completed, 125L, 5.0), (first.State, first.Frames, first.VideoSeconds));
        Assert.Equal(new ChunkCounts(1, 1, 0), first.Chunks);
        Assert.Equal(125, first.Labels.Happiness);
        Assert.True(first.Speed is { Ratio: > 0, FramesPerSecond: > 0 });
        Assert.Equal("probe", first.Videos[1].Fault!.Stage);
        var folder = data.Data.Run("demo");
        Assert.All([folder.Summary, folder.Report, folder.Quarantine], file => Assert.True(File.Exists(file), file));
        Assert.Contains("broken", File.ReadAllText(folder.Quarantine), StringComparison.Ordinal);
        using var csv = File.OpenRead(folder.PredictionCsv("astronaut.mp4"));
        using var parquet = File.OpenRead(folder.PredictionParquet("astronaut.mp4"));
        var (fromCsv, fromParquet) = (PredictionCsv.Read(csv), await PredictionParquet.ReadAsync(parquet));
        Assert.Equal(125, fromCsv.Count);
        Assert.Equal(fromCsv.Probabilities, fromParquet.Probabilities);
        Assert.All(fromCsv.Flags, f => Assert.Equal(FrameFlags.FacePresent | FrameFlags.Decoded, f & ~FrameFlags.AudioPresent));
        Assert.Contains(fromCsv.Flags, f => f.HasFlag(FrameFlags.AudioPresent));

        // The same command once more: everything is known, nothing is done again, nothing is written again.
        var written = File.GetLastWriteTimeUtc(folder.PredictionCsv("astronaut.mp4"));
        await using (var node = await StartAsync(data))
        {
            var submission = Freeze(data, RepositoryFiles.LitePipeline, videos);
            Assert.Equal((0, 0, 2), (submission.Added, submission.Changed, submission.Known));
            await node.SubmitAsync(submission);
            await WaitAsync(node, p => p.IsCompleted);
            var second = await node.ReportAsync("demo", TimeSpan.FromSeconds(1));
            Assert.Equal((first.Counts, first.Chunks, first.Labels, first.EndedAt), (second.Counts, second.Chunks, second.Labels, second.EndedAt));
            Assert.Null(second.Speed);
        }

        Assert.Equal(written, File.GetLastWriteTimeUtc(folder.PredictionCsv("astronaut.mp4")));
    }

    [Fact]
    public async Task Run_NodeStopsInTheMiddleAndFolderGrows_GivesTheBytesOfAnUndisturbedRun()
    {
        using var disturbed = new TempData();
        using var calm = new TempData();
        string[] names = ["a.mp4", "b.mp4", "c.mp4"];
        var content = File.ReadAllBytes(clip.Path);

        // Three files of different bytes with the same frames: an empty box more at the end of an MP4 says nothing.
        string[] Add(TempData data, int count) => [.. names.Take(count).Select((name, i) => data.AddVideo(name, [.. content, .. Enumerable.Repeat<byte[]>([0, 0, 0, 8, .. "free"u8], i).SelectMany(box => box)]))];

        var (pipeline, _) = TestPipeline.Write(disturbed, chunkSeconds: 1);
        await using (var node = await StartAsync(disturbed))
        {
            await node.SubmitAsync(Freeze(disturbed, pipeline, Add(disturbed, 2)));
            await WaitAsync(node, p => p.InFlight.Any(v => v.FramesDone > 0) || p.Completed > 0);
            await node.DrainAsync(TimeSpan.FromSeconds(20));
        }

        await using (var node = await StartAsync(disturbed))
        {
            var submission = Freeze(disturbed, pipeline, Add(disturbed, 3));
            Assert.Equal((3, 2), (submission.Videos, submission.Known));
            await node.SubmitAsync(submission);
            await WaitAsync(node, p => p.IsCompleted);
            var summary = await node.ReportAsync("demo", TimeSpan.FromSeconds(1));
            Assert.Equal(new RunCounts(3, 3, 0, 0), summary.Counts);
            Assert.Equal((3L * ShortClip.Frames, 12L), (summary.Frames, summary.Chunks.Planned));
        }

        var (calmPipeline, _) = TestPipeline.Write(calm, chunkSeconds: 1);
        await using (var node = await StartAsync(calm))
        {
            await node.SubmitAsync(Freeze(calm, calmPipeline, Add(calm, 3)));
            await WaitAsync(node, p => p.IsCompleted);
            Assert.Equal(new ChunkCounts(12, 12, 0), (await node.ReportAsync("demo", TimeSpan.FromSeconds(1))).Chunks);
        }

        Assert.All(names, name => Assert.Equal(File.ReadAllBytes(calm.Data.Run("demo").PredictionCsv(name)), File.ReadAllBytes(disturbed.Data.Run("demo").PredictionCsv(name))));
        Assert.All(names, name => Assert.Equal(File.ReadAllBytes(calm.Data.Run("demo").PredictionParquet(name)), File.ReadAllBytes(disturbed.Data.Run("demo").PredictionParquet(name))));
    }

    private static Task<ClusterNode> StartAsync(TempData data) => ClusterNode.StartAsync(data.Data, TestPipeline.Tools, new NodeSettings { Slots = 2 }, onlyRun: "demo");

    private static RunSubmission Freeze(TempData data, string pipeline, string[] videos) => RunSubmission.Freeze(
        data.Data,
        "demo",
        pipeline,
        PipelineFile.Parse(File.ReadAllBytes(pipeline)),
        _ => [.. videos.Select(v => new VideoEntry(Path.GetFileName(v), v))],
        TestPipeline.Tools,
        csv: true,
        parquet: true);

    private static async Task WaitAsync(ClusterNode node, Func<RunQueries.RunProgress, bool> until)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await node.ProgressAsync("demo") is var progress && !until(progress))
        {
            Assert.Empty(progress.PausedReason);
            Assert.Empty(node.ReportedFailures);
            await look.WaitForNextTickAsync(deadline.Token);
        }
    }
}
