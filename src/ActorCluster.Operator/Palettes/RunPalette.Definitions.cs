using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Runs;

namespace ActorCluster.Operator.Palettes;

/// <summary>The commands about runs.</summary>
public sealed partial class RunPalette
{
    /// <inheritdoc/>
    public CommandPalette Palette => Definition;

    /// <summary>The palette, for whoever has to know it without a node.</summary>
    public static CommandPalette Definition { get; } = new(
        "run",
        "Submit runs, follow them and steer them.",
        [
            new CommandDefinition(
                "submit",
                "Have the cluster process videos. The same command again goes on with the run, or adds what is new.",
                [
                    new("inputs", "Videos, folders of them, or manifests, as the nodes see them.", ArgumentKind.Path) { IsMandatory = true, IsPositional = true, AllowsMultiple = true },
                    new("pipeline", "A shipped pipeline's name, or a pipeline file.", ArgumentKind.Path) { Default = "lite", Values = [.. PipelineLocator.Names()] },
                    new("run", "The run's name. Without it one is made of the inputs and the pipeline.", ArgumentKind.Run),
                    new("format", "How predictions are written.", ArgumentKind.Choice) { Default = "csv", Values = ["csv", "parquet", "both"] },
                    new("watch", "Stay, and show how far the run is.", ArgumentKind.Flag),
                ])
            { Changes = true, Follows = true },
            new("list", "List the runs, the newest first.", []),
            new("show", "Show how far a run is, and what it is working on.", [CommonArguments.Run]),
            new CommandDefinition("watch", "Show how far a run is, until it ends or waits. Ctrl-C stops watching; the run goes on.", [CommonArguments.Run]) { Follows = true },
            ExplainCommand.Definition,
            new CommandDefinition("pause", "Start nothing new of a run; what is in flight finishes and is kept.", [CommonArguments.Run]) { Changes = true },
            new CommandDefinition("resume", "Go on with a run that was paused or has paused itself.", [CommonArguments.Run]) { Changes = true },
            new CommandDefinition("cancel", "Give a run up: its videos that have not ended become cancelled, and the run ends with its report.", [CommonArguments.Run])
            {
                Changes = true, Danger = "It gives up every video of the run that has not ended, with what is in flight; it cannot be resumed.",
            },
            new CommandDefinition(
                "priority",
                "Serve a run before those of a smaller priority, from the next free slot on.",
                [CommonArguments.Run, new("priority", "The priority; 0 is what runs have.", ArgumentKind.Number) { IsMandatory = true, IsPositional = true, Least = -IRunService.LargestPriority, Greatest = IRunService.LargestPriority }])
            { Changes = true },
            new CommandDefinition(
                "retry",
                "Try quarantined videos of a run again, as if nothing had happened to them. A run that has ended goes on.",
                [
                    CommonArguments.Run,
                    new("cause", "Only those whose cause or stage has this text.", ArgumentKind.Text),
                    new("video", "Only the one with this id.", ArgumentKind.Text),
                ])
            { Changes = true },
            new CommandDefinition(
                "extend",
                "Add what is new to a run, and do again what has changed.",
                [CommonArguments.Run, new("inputs", "More inputs. Without any those that it was submitted with are looked through again.", ArgumentKind.Path) { IsPositional = true, AllowsMultiple = true }])
            { Changes = true },
            new CommandDefinition("report", "Write a run's report, summary and quarantine list now, whether it has ended or not.", [CommonArguments.Run]) { Changes = true },
            new CommandDefinition("export", "Write the predictions of all completed videos of a run into one Parquet file, with a column 'id'.", [CommonArguments.Run]) { Changes = true },
            new CommandDefinition("delete", "Remove a run that has ended, with its predictions, report and history. Stored features stay.", [CommonArguments.Run])
            {
                Changes = true, Danger = "It removes the run's folder with predictions and report, and its history; stored features stay.",
            },
        ]);
}
