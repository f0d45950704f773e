using ActorCluster.Core.Labels;
using ActorCluster.Media;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Inference;
using ActorCluster.Processing.Trials;
using ActorCluster.Storage;
using ActorCluster.Training;
using ActorCluster.Training.Ablation;
using Serilog;

namespace ActorCluster.Node;

/// <summary>One sitting of <c>actorcluster ablate</c>: plans, starts a cluster of one process, watches, writes the table.</summary>
internal static class AblateRun
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    /// <summary>The grid that ships.</summary>
    public static string ShippedGrid => Path.Combine(AppContext.BaseDirectory, "configs", "training", "ablation-paper.json");

    public static async Task<int> RunAsync(Request request)
    {
        var grid = ReadGrid(request.Grid);
        request.Inference.RequireDevice();
        var tools = FfmpegTools.Locate();
        using var signals = new StopSignals();
        using var output = new TrainOutput();
        var data = new DataDirectory(request.Data);
        using var dataLock = DataLock.Acquire(data.Root, $"ablate --out {request.Output}");
        using var log = new LoggerConfiguration()
            .WriteTo.File(Path.Combine(data.State, "actorcluster.log"), fileSizeLimitBytes: 10 << 20, rollOnFileSizeLimit: true, retainedFileCountLimit: 5, formatProvider: null)
            .CreateLogger();
        Log.Logger = log;
        try
        {
            DatasetSplit[] wanted = [DatasetSplit.Train, DatasetSplit.Validation, .. grid.Evaluate.Set == DatasetSplit.Test ? [DatasetSplit.Test] : Array.Empty<DatasetSplit>()];
            var videos = LabelledRun.Export(request.Data, request.Run, request.Splits, wanted, output, signals.Stop);
            return await SitAsync(request, AblationPlan.Create(grid, videos), data, tools, output, signals.Stop);
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
    }

    private static async Task<int> SitAsync(Request request, AblationPlan plan, DataDirectory data, FfmpegTools tools, TrainOutput output, CancellationToken stop)
    {
        // No run of that name is there to be driven: a colon is in none.
        await using var node = await ClusterNode.StartAsync(data, tools, new NodeSettings { Slots = request.Slots, Inference = request.Inference }, onlyRun: "ablation:");
        node.StartAblation(request.Output, plan);
        var state = await WatchAsync(node, request, plan, output, stop);
        await node.DrainAsync(TimeSpan.Zero);
        if (state.Failure is { } failure)
        {
            throw failure;
        }

        if (!state.IsCompleted)
        {
            output.Note([$"Stopped; {state.Trials.Count(t => t.Phase == TrialPhase.Ended)} of {state.Trials.Length} trials have ended. The same command goes on."]);
            return ExitCodes.Interrupted;
        }

        output.Note([.. AblationTable.Of(plan, state.Results).Notices, $"All {state.Trials.Length} trials have ended. The table: {AblationReport.PageIn(request.Output)}"]);
        return ExitCodes.Completed;
    }

    /// <summary>Watches until the ablation is complete, has failed, or is to stop; writes the table whenever a trial has ended.</summary>
    private static async Task<AblationState> WatchAsync(ClusterNode node, Request request, AblationPlan plan, TrainOutput output, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Look);
        var ended = -1;
        while (true)
        {
            var state = await node.AblationAsync();
            if (state.Trials.Count(t => t.Phase == TrialPhase.Ended) is var now && now != ended)
            {
                AblationReport.Write(request.Output, Path.GetFileName(Path.TrimEndingDirectorySeparator(request.Output)), AblationTable.Of(plan, state.Results));
                output.Note([$"{now} of {state.Trials.Length} trials have ended."]);
                ended = now;
            }

            output.Ablating(state);
            if (state.IsCompleted || state.Failure is not null || stop.IsCancellationRequested)
            {
                return state;
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

    private static AblationGrid ReadGrid(string path)
    {
        try
        {
            return AblationGrid.Parse(File.ReadAllBytes(path), Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new UsageException($"The grid '{path}' cannot be used: {e.Message}", e);
        }
    }

    /// <summary>What the command line asks for.</summary>
    internal sealed record Request(string Run, string Data, string Splits, string Grid, string Output, int Slots, InferenceSettings Inference);
}
