using System.CommandLine;
using System.CommandLine.Parsing;

namespace ActorCluster.Node;

/// <summary>The command line of <c>actorcluster process</c>.</summary>
internal static class ProcessCommand
{
    public static Command Create()
    {
        var (inputs, pipeline, run, format) = (RunOptions.Inputs(), RunOptions.Pipeline(), RunOptions.Run(), RunOptions.Format());
        var data = new Option<string>("--data")
        {
            Description = "Where features, state and results are kept.",
            DefaultValueFactory = _ => "actorcluster-data",
            HelpName = "folder",
        };
        var slots = new Option<int>("--slots")
        {
            Description = "Chunks worked on at a time; the answer does not depend on it.",
            DefaultValueFactory = _ => Environment.ProcessorCount,
            HelpName = "n",
        };
        slots.Within(1, 256);
        var json = new Option<bool>("--json") { Description = "Print one JSON object at the end and nothing else on standard output." };

        var command = new Command("process", "Process videos: per-frame predictions and a report. Ctrl-C stops cleanly; the same command goes on.")
        {
            inputs, pipeline, data, run, format, slots, json,
        };
        var inference = new InferenceOptions();
        inference.AddTo(command);
        command.SetAction((parsed, _) => ProcessRun.RunAsync(new ProcessOptions(
            parsed.GetValue(inputs)!,
            parsed.GetValue(pipeline)!,
            parsed.GetValue(data)!,
            parsed.GetValue(run),
            parsed.GetValue(format) is "csv" or "both",
            parsed.GetValue(format) is "parquet" or "both",
            parsed.GetValue(slots),
            parsed.GetValue(json),
            inference.Of(parsed))));
        return command;
    }

    /// <summary>What is wrong with options that nobody knows: the parser takes them for inputs, of which there may be any number.</summary>
    public static IEnumerable<string> UnknownOptions(ParseResult parsed) => parsed.Tokens
        .TakeWhile(token => token.Type != TokenType.DoubleDash)
        .Where(token => token is { Type: TokenType.Argument, Value: ['-', not (>= '0' and <= '9'), ..] })
        .Select(token => $"There is no option '{token.Value}'. A file of that name is given as './{token.Value}'.");
}
