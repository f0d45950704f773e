using System.CommandLine;
using ActorCluster.Core.Labels;

namespace ActorCluster.Node.Scoring;

/// <summary>The command line of <c>actorcluster score</c>.</summary>
internal static class ScoreCommand
{
    public static Command Create()
    {
        var labels = new Option<string>("--labels") { Description = "A label file of the challenge, or a folder of them (<video>.txt).", Required = true, HelpName = "path" };
        var predictions = new Option<string>("--predictions")
        {
            Description = "Predictions of the same videos: a file, or a folder with <video>.csv or .parquet as a run writes them, or <video>.txt with one integer per line.",
            Required = true,
            HelpName = "path",
        };
        var split = new Option<string>("--split") { Description = "CSV with the header id,split that says which videos are for train, validation and test; with --set.", HelpName = "file" };
        var set = new Option<DatasetSplit?>("--set") { Description = "Which part of the split is scored: train, validation or test.", HelpName = "part" };
        var command = new Command(
            "score",
            """
            Hold predictions against labels: accuracy and macro F1 over all eight classes, as the ABAW challenge counts them.

            Frames of all videos are pooled; those labelled -1 do not count. Standard output gets one JSON object, standard error what was put right. A label
            file without predictions is an error.
            """)
        {
            labels, predictions, split, set,
        };
        command.Validators.Add(result =>
        {
            if ((result.GetResult(split) is null) != (result.GetResult(set) is null))
            {
                result.AddError("--split and --set go together.");
            }
        });
        command.SetAction(parsed => ScoreRun.Run(parsed.GetValue(labels)!, parsed.GetValue(predictions)!, parsed.GetValue(split), parsed.GetValue(set) ?? default));
        return command;
    }
}
