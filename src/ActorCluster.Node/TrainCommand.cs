using System.CommandLine;
using ActorCluster.Models.Fusion;
using ActorCluster.Models.Torch;

namespace ActorCluster.Node;

/// <summary>The command line of <c>actorcluster train</c>: a fusion network from a run's features.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var run = new Option<string>("--run") { Description = "The run whose features to learn from; its manifest names the label files.", Required = true, HelpName = "name" };
        var data = new Option<string>("--data") { Description = "The data folder of the run.", DefaultValueFactory = _ => "actorcluster-data", HelpName = "folder" };
        var splits = new Option<string>("--splits") { Description = "CSV with id,split: train, validation or test.", Required = true, HelpName = "file" };
        var output = new Option<string>("--out") { Description = "Folder for the network (best/) and the course of the training; the same command goes on there.", Required = true, HelpName = "folder" };
        var config = new Option<string>("--config")
        {
            Description = "Network, loss and optimizer.",
            DefaultValueFactory = _ => TrainRun.ShippedConfig,
            HelpName = "file",
        };
        var seed = Number("--seed", "Decides first weights, order and dropout.", 0, int.MaxValue, 1);
        var epochs = Number("--epochs", "The most epochs, instead of the configuration's.", 1, 10_000, null);
        var modalities = new Option<string>("--modalities") { Description = "What the network looks at: both, video or audio.", DefaultValueFactory = _ => "both" };
        modalities.AcceptOnlyFromAmong("both", "video", "audio");
        var device = DeviceOption.Create();
        var threads = Number("--threads", "CPU threads; the last bits of the weights depend on it.", 1, 1024, Environment.ProcessorCount);
        var command = new Command("train", "Train a fusion network on a run's features and labels.") { run, data, splits, output, config, seed, epochs, modalities, device, threads };
        command.SetAction(parsed => TrainRun.Run(new TrainRun.Request(
            parsed.GetValue(run)!,
            parsed.GetValue(data)!,
            parsed.GetValue(splits)!,
            parsed.GetValue(output)!,
            parsed.GetValue(config)!,
            parsed.GetValue(seed)!.Value,
            parsed.GetValue(epochs),
            Enum.Parse<Modalities>(parsed.GetValue(modalities)!, ignoreCase: true),
            TorchDevice.Parse(parsed.GetValue(device)!),
            parsed.GetValue(threads)!.Value)));
        return command;
    }

    private static Option<int?> Number(string name, string description, int least, int most, int? standard) =>
        new Option<int?>(name) { Description = description, HelpName = "n", DefaultValueFactory = _ => standard }.Within(least, most);
}
