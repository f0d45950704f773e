using ActorCluster.Core.Labels;
using ActorCluster.Models.Fusion;
using ActorCluster.Models.Torch;
using ActorCluster.Training;

namespace ActorCluster.Node;

/// <summary>One run of <c>actorcluster train</c>.</summary>
internal static class TrainRun
{
    /// <summary>The configuration that ships.</summary>
    public static string ShippedConfig => Path.Combine(AppContext.BaseDirectory, "configs", "training", "paper.json");

    public static int Run(Request request)
    {
        var config = LabelledRun.ReadConfig(request.Config);
        config = request.Epochs is { } epochs ? config with { Epochs = epochs } : config;
        using var signals = new StopSignals();
        using var output = new TrainOutput();
        try
        {
            var inputs = LabelledRun.Export(request.Data, request.Run, request.Splits, [DatasetSplit.Train, DatasetSplit.Validation], output, signals.Stop);
            return Train(request, config, inputs, output, signals.Stop);
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
    }

    private static int Train(Request request, TrainingConfig config, List<TrainingInput> inputs, TrainOutput output, CancellationToken stop)
    {
        output.Note(["Checking labels and features."]);
        using var set = TrainingSet.Open(inputs);
        output.Note(set.Notices);
        using var trainer = Create(request, config, set);
        output.Note([$"{set.Train.Length} training and {set.Validation.Length} validation videos, {trainer.Windows} training windows ({trainer.UnlabelledWindows} without a label left out)."]);
        var outcome = trainer.Run(output.Training, stop);
        if (!outcome.Ended)
        {
            output.Note(["Stopped. The same command goes on."]);
            return ExitCodes.Interrupted;
        }

        var folder = new TrainingFolder(Path.GetFullPath(request.Output));
        output.Note(
        [
            $"Best epoch {outcome.Best!.Epoch} of {outcome.Epochs.Length}: macro F1 {outcome.Best.Validation.SmoothedF1:F4}, accuracy {outcome.Best.Validation.Accuracy:F4} on {outcome.Best.Validation.Frames} frames.",
            $"The network is in {folder.Best}: name it as fusion.checkpoint of a pipeline. The course: {folder.Report}",
        ]);
        return ExitCodes.Completed;
    }

    private static Trainer Create(Request request, TrainingConfig config, TrainingSet set)
    {
        try
        {
            return new Trainer(set, config, new TrainingOptions(Path.GetFullPath(request.Output), request.Seed, request.Modalities, request.Device, request.Threads));
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"The configuration '{request.Config}' cannot be used: {e.Message}", e);
        }
    }

    /// <summary>What the command line asks for.</summary>
    internal sealed record Request(
        string Run, string Data, string Splits, string Output, string Config, long Seed, int? Epochs, Modalities Modalities, TorchDevice Device, int Threads);
}
