using System.CommandLine;
using ActorCluster.Processing.Inference;

namespace ActorCluster.Node;

/// <summary>The command line of <c>actorcluster ablate</c>: many trainings side by side, as one table.</summary>
internal static class AblateCommand
{
    public static Command Create()
    {
        var run = new Option<string>("--run") { Description = "The run whose features to learn from; its manifest names the label files.", Required = true, HelpName = "name" };
        var data = new Option<string>("--data") { Description = "The data folder of the run.", DefaultValueFactory = _ => "actorcluster-data", HelpName = "folder" };
        var splits = new Option<string>("--splits") { Description = "CSV with id,split: train, validation or test.", Required = true, HelpName = "file" };
        var grid = new Option<string>("--grid")
        {
            Description = "Base configuration, cells, seeds, and what to score on. The default has the eight cells of the paper.",
            DefaultValueFactory = _ => AblateRun.ShippedGrid,
            HelpName = "file",
        };
        var output = new Option<string>("--out") { Description = "Folder for the trainings and ablation.html, .md and .csv; the same command goes on there.", Required = true, HelpName = "folder" };
        var device = DeviceOption.Create();
        var slots = new Option<int>("--slots") { Description = "Trials at a time, each with one CPU thread.", DefaultValueFactory = _ => Environment.ProcessorCount, HelpName = "n" };
        slots.Within(1, 256);
        var command = new Command(
            "ablate",
            """
            Train a fusion network with every setting of a grid and several seeds, and compare.

            A trial that diverges is a result. Killed at any moment, the same command goes on: finished trials are read, others resume where they were.
            """)
        {
            run, data, splits, grid, output, slots, device,
        };
        command.SetAction((parsed, _) => AblateRun.RunAsync(new AblateRun.Request(
            parsed.GetValue(run)!,
            Path.GetFullPath(parsed.GetValue(data)!),
            parsed.GetValue(splits)!,
            parsed.GetValue(grid)!,
            Path.GetFullPath(parsed.GetValue(output)!),
            parsed.GetValue(slots),
            new InferenceSettings(Device: parsed.GetValue(device)!))));
        return command;
    }
}
