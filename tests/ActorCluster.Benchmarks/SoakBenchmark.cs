using System.Diagnostics;
using ActorCluster.Core.Pipelines;
using ActorCluster.Media;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Runs;
using ActorCluster.Storage;

namespace ActorCluster.Benchmarks;

/// <summary>One process and one node that does run after run over the same mixed files, and what it holds over time.</summary>
internal static class SoakBenchmark
{
    private static readonly TimeSpan SampleEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    public static async Task RunAsync(TimeSpan duration)
    {
        using var folder = new WorkFolder();
        var tools = FfmpegTools.Locate();
        var mixed = await MixedFiles.MakeAsync(tools, folder);
        var data = new DataDirectory(folder.NewFolder("data"));
        data.Create();
        using var dataLock = DataLock.Acquire(data.Root, "soak");
        var resources = new ResourceLog(data.Root);
        var clock = Stopwatch.StartNew();
        using var ended = new CancellationTokenSource();
        var sampling = SampleAsync(resources, clock, ended.Token);
        var runs = 0;
        await using (var node = await ClusterNode.StartAsync(data, tools, new NodeSettings(), onlyRun: null))
        {
            for (; clock.Elapsed < duration; runs++)
            {
                await RunOnceAsync(node, data, tools, mixed, $"soak-{runs}");

                // Otherwise every later run would find its features in the store.
                new FeatureStore(data.Features).Prune(budgetBytes: 0);
            }
        }

        await ended.CancelAsync();
        await sampling;
        Figures.Caption($"{runs} runs of {Directory.GetFiles(mixed).Length} files, {MixedFiles.Broken} of them broken, in {clock.Elapsed.TotalMinutes:F1} min.");
        resources.Write();
    }

    private static async Task RunOnceAsync(ClusterNode node, DataDirectory data, FfmpegTools tools, string mixed, string run)
    {
        PipelineDefinition pipeline;
        using (var file = File.OpenRead(Repository.LitePipeline))
        {
            pipeline = PipelineFile.Parse(file);
        }

        var clock = Stopwatch.StartNew();
        await node.SubmitAsync(RunSubmission.Freeze(data, run, Repository.LitePipeline, pipeline, known => InputScanner.Scan([mixed], known).Entries, tools, csv: true, parquet: true));
        using var timer = new PeriodicTimer(LookEvery);
        RunQueries.RunProgress progress;
        while (!(progress = await node.ProgressAsync(run)).IsCompleted)
        {
            if (progress.PausedReason.Length > 0 || node.ReportedFailures.Count > 0)
            {
                throw new InvalidOperationException($"{run}: {progress.PausedReason}{string.Join(' ', node.ReportedFailures)}");
            }

            await timer.WaitForNextTickAsync();
        }

        var summary = await node.ReportAsync(run, clock.Elapsed);
        if (summary.Counts.Quarantined != MixedFiles.Broken || summary.Counts.Completed + summary.Counts.Quarantined != summary.Counts.Registered)
        {
            throw new InvalidOperationException($"{run}: {summary.Counts}; {string.Join("; ", summary.Videos.Where(v => v.Fault is not null).Select(v => $"{v.Id}: {v.Fault!.Cause}"))}");
        }

        Console.Error.WriteLine($"{run} {clock.Elapsed.TotalSeconds:F1} s");
    }

    private static async Task SampleAsync(ResourceLog resources, Stopwatch clock, CancellationToken ended)
    {
        using var timer = new PeriodicTimer(SampleEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(ended))
            {
                resources.Sample(clock.Elapsed);
            }
        }
        catch (OperationCanceledException)
        {
            resources.SampleEnd();
        }
    }
}
