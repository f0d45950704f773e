using System.Diagnostics;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Formats;
using ActorCluster.Core.Pipelines;
using ActorCluster.Media;
using ActorCluster.Operator;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Runs;
using ActorCluster.Storage;
using Serilog;

namespace ActorCluster.Node;

/// <summary>One sitting of <c>actorcluster process</c>: freezes the run, starts a cluster of one process, watches, reports.</summary>
internal static class ProcessRun
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    public static async Task<int> RunAsync(ProcessOptions options)
    {
        using var signals = new StopSignals();
        var clock = Stopwatch.StartNew();
        var (pipelinePath, pipeline) = PipelineLocator.Find(options.Pipeline);
        var run = options.Run ?? RunName.Derive([.. options.Inputs.Select(Path.GetFullPath)], pipeline.Name, PipelineFile.Hash(pipeline)).Value;
        options.Inference.RequireDevice();
        var tools = FfmpegTools.Locate();
        var data = new DataDirectory(options.Data);
        data.Create();
        using var dataLock = DataLock.Acquire(data.Root, $"process --run {run}");
        AtomicFile.DeleteTemporaries(data.Root);
        var log = new LoggerConfiguration()
            .WriteTo.File(new NodeLog(TextWriter.Null, []), Path.Combine(data.State, "actorcluster.log"), fileSizeLimitBytes: 10 << 20, rollOnFileSizeLimit: true, retainedFileCountLimit: 5)
            .CreateLogger();
        Log.Logger = log;
        try
        {
            return await SitAsync(options, run, pipelinePath, pipeline, tools, data, clock, signals.Stop);
        }
        finally
        {
            try
            {
                await log.DisposeAsync();
            }
            catch (IOException)
            {
                // The disk is full: the log's last lines are lost, and the run has said what matters.
            }
        }
    }

    private static async Task<int> SitAsync(
        ProcessOptions options, string run, string pipelinePath, PipelineDefinition pipeline, FfmpegTools tools, DataDirectory data, Stopwatch clock, CancellationToken stop)
    {
        var console = ConsoleOutput.For(options.Json);
        var (submission, problems) = RunSubmission.FreezeInputs(
            data, run, pipelinePath, pipeline, options.Inputs, tools, options.Csv, options.Parquet, options.Inference);
        console.Note(RunWords.Begin(submission, pipeline.Name, data, options.Slots, problems));

        await using var node = await ClusterNode.StartAsync(data, tools, new NodeSettings { Slots = options.Slots, Inference = options.Inference }, onlyRun: run);
        await node.SubmitAsync(submission);
        var progress = await WatchAsync(node, run, console, stop);
        console.Stopping(progress, stop.IsCancellationRequested);
        await node.DrainAsync(TimeSpan.Zero);
        if (!progress.IsCompleted && stop.IsCancellationRequested)
        {
            console.Leave(progress, "interrupted", ExitCodes.Interrupted, RunWords.Interrupted(progress, run));
            return ExitCodes.Interrupted;
        }

        var summary = await node.ReportAsync(run, clock.Elapsed);
        var exitCode = !progress.IsCompleted ? ExitCodes.EnvironmentFailure : progress.Quarantined > 0 ? ExitCodes.Quarantined : ExitCodes.Completed;
        console.End(summary, data.Run(run), exitCode);
        return exitCode;
    }

    /// <summary>Watches until the run is complete, waits for its environment, or is to stop.</summary>
    private static async Task<RunQueries.RunProgress> WatchAsync(ClusterNode node, string run, ConsoleOutput console, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Look);
        while (true)
        {
            var progress = await node.ProgressAsync(run);
            console.Progress(progress);
            if (progress.IsCompleted || progress.PausedReason.Length > 0 || stop.IsCancellationRequested)
            {
                return progress;
            }

            if (node.ReportedFailures is [.., var failure])
            {
                throw new EnvironmentFaultException("run", failure, "Then run the same command again: nothing that was stored is lost.");
            }

            try
            {
                await timer.WaitForNextTickAsync(stop);
            }
            catch (OperationCanceledException)
            {
                // The next look sees where things stand and stops.
            }
        }
    }
}
