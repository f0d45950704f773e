using System.CommandLine;
using ActorCluster.Core.Labels;
using ActorCluster.Models.Torch;

namespace ActorCluster.Node;

/// <summary>The command line of <c>actorcluster evaluate</c>: how good a fusion network is.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var checkpoint = new Option<string>("--checkpoint") { Description = "The fusion network: best/ of a training.", Required = true, HelpName = "folder" };
        var run = new Option<string>("--run") { Description = "The run whose features to predict from; its manifest names the label files.", Required = true, HelpName = "name" };
        var data = new Option<string>("--data") { Description = "The data folder of the run.", DefaultValueFactory = _ => "actorcluster-data", HelpName = "folder" };
        var splits = new Option<string>("--splits") { Description = "CSV with id,split: train, validation or test.", Required = true, HelpName = "file" };
        var set = new Option<DatasetSplit>("--set") { Description = "Which split to evaluate on.", DefaultValueFactory = _ => DatasetSplit.Validation, HelpName = "part" };
        var output = new Option<string>("--out") { Description = "Folder for report.json, report.md and evaluation.html.", Required = true, HelpName = "folder" };
        var config = new Option<string?>("--config")
        {
            Description = "A training configuration, for windows, batch and voting. Without it, training.json beside the network's folder.",
            HelpName = "file",
        };
        var calibrate = new Option<bool>("--calibrate") { Description = "Fit a bias per class by cross-validation over the videos and score with it, too." };
        var device = DeviceOption.Create();
        var threads = new Option<int>("--threads") { Description = "CPU threads.", DefaultValueFactory = _ => Environment.ProcessorCount, HelpName = "n" };
        threads.Within(1, 1024);
        var command = new Command(
            "evaluate",
            """
            Evaluate a fusion network on a run's features and labels.

            Scores single windows, voted and smoothed predictions side by side, with confidence intervals over videos; what is lost when faces or voices are
            missing; other smoothing. What it predicts is what a run with the same windows and voting publishes.
            """)
        {
            checkpoint, run, data, splits, set, output, config, calibrate, device, threads,
        };
        command.SetAction(parsed => EvaluateRun.Run(new EvaluateRun.Request(
            parsed.GetValue(checkpoint)!,
            parsed.GetValue(run)!,
            parsed.GetValue(data)!,
            parsed.GetValue(splits)!,
            parsed.GetValue(set),
            parsed.GetValue(output)!,
            parsed.GetValue(config),
            parsed.GetValue(calibrate),
            TorchDevice.Parse(parsed.GetValue(device)!),
            parsed.GetValue(threads))));
        return command;
    }
}
