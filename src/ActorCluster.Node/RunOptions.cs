using System.CommandLine;
using ActorCluster.Core.Formats;
using ActorCluster.Processing.Runs;

namespace ActorCluster.Node;

/// <summary>The options that say what a run is, the same for a run of this process and of a cluster.</summary>
internal static class RunOptions
{
    public static Argument<string[]> Inputs() => new("input")
    {
        Description = "Video files, folders (searched with their subfolders), or manifests (.csv or .jsonl with id,uri[,faces][,labels]).",
        Arity = ArgumentArity.OneOrMore,
    };

    public static Option<string> Pipeline()
    {
        var pipeline = new Option<string>("--pipeline") { Description = "A shipped pipeline by name, or a pipeline file.", DefaultValueFactory = _ => "lite", HelpName = "name|file" };
        pipeline.CompletionSources.Add([.. PipelineLocator.Names()]);
        return pipeline;
    }

    public static Option<string?> Run()
    {
        var run = new Option<string?>("--run")
        {
            Description = "The run's name. By default it is made from the input's location and the pipeline, so that the same command resumes or extends the same run.",
            HelpName = "name",
        };
        run.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !RunName.IsValid(result.Tokens[0].Value))
            {
                result.AddError("--run takes 1 to 100 letters, digits, '.', '_' and '-', beginning with a letter, digit or '_'.");
            }
            else if (result.Tokens.Count == 1 && PredictionRun.Reserves(result.Tokens[0].Value))
            {
                result.AddError($"--run: names that begin with '{PredictionRun.Prefix}' are kept for videos that are uploaded to a node's /v1/predict. Choose another one.");
            }
        });
        return run;
    }

    public static Option<string> Format()
    {
        var format = new Option<string>("--format") { Description = "Format of the predictions.", DefaultValueFactory = _ => "csv" };
        format.AcceptOnlyFromAmong("csv", "parquet", "both");
        return format;
    }
}
