using System.Collections.Immutable;
using System.CommandLine;
using ActorCluster.Core.Submissions;
using ActorCluster.Storage;

namespace ActorCluster.Node.Scoring;

/// <summary>The command line of <c>actorcluster submission</c>.</summary>
internal static class SubmissionCommand
{
    public static Command Create() => new("submission", "Write and check submissions to the ABAW challenge's expression track.") { WriteVerb(), ValidateVerb() };

    private static Command WriteVerb()
    {
        var template = Template(required: true);
        var predictions = new Option<string>("--predictions") { Description = "Folder with <video>.csv, .parquet or .txt for every video of the template.", Required = true, HelpName = "folder" };
        var output = new Option<string>("--output") { Description = "The file to write.", Required = true, HelpName = "file" };
        var command = new Command("write", "Answer every row of the organisers' template, in its order, with one class. Where a frame has no answer, nothing is written.") { template, predictions, output };
        command.SetAction(parsed => Write(parsed.GetValue(template)!, parsed.GetValue(predictions)!, parsed.GetValue(output)!));
        return command;
    }

    private static Command ValidateVerb()
    {
        var file = new Argument<string>("file") { Description = "The submission." };
        var template = Template(required: false);
        var command = new Command("validate", "Check a submission, with the template also for rows that are missing, twice, foreign or out of order. Exit code 0: it may be sent, 1: it may not.") { file, template };
        command.SetAction(parsed => Validate(parsed.GetValue(file)!, parsed.GetValue(template)));
        return command;
    }

    private static Option<string> Template(bool required) => new("--template") { Description = "The organisers' file of the frames that they want answers for.", Required = required, HelpName = "file" };

    private static int Write(string template, string predictions, string output)
    {
        var rows = InputFile.Read(template, SubmissionTemplate.Read);
        var files = new PredictionFiles(predictions);
        SubmissionSummary? summary = null;
        AtomicFile.Write(Path.GetFullPath(output), stream => summary = SubmissionWriter.Write(stream, rows, AnswersOf));
        foreach (var notice in summary!.Notices)
        {
            Console.Error.WriteLine(notice);
        }

        Console.Out.WriteLine($"{output}: {summary.Rows:N0} rows of {summary.Videos:N0} videos");
        return ExitCodes.Completed;

        ImmutableArray<sbyte>? AnswersOf(string video) => files.Find(video) is { } path ? PredictionFiles.Read(path).Labels : null;
    }

    private static int Validate(string file, string? template)
    {
        var rows = template is null ? null : InputFile.Read(template, SubmissionTemplate.Read);
        var report = InputFile.Read(file, (stream, name) => SubmissionValidator.Validate(stream, name, rows));
        if (report.IsValid)
        {
            Console.Out.WriteLine($"{file} is valid: {report.Rows:N0} rows of {report.Videos:N0} videos{(rows is null ? "; without a template, rows that are missing cannot be told" : "")}");
            return ExitCodes.Completed;
        }

        Console.Error.WriteLine($"{file} is not valid, {report.Total:N0} problem{(report.Total == 1 ? "" : "s")}:");
        foreach (var problem in report.Problems)
        {
            Console.Error.WriteLine($"  {problem}");
        }

        if (report.Total > report.Problems.Length)
        {
            Console.Error.WriteLine($"  and {report.Total - report.Problems.Length:N0} more");
        }

        return ExitCodes.CheckFailed;
    }
}
