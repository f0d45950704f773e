using System.CommandLine;
using System.CommandLine.Parsing;
using ActorCluster.Core.Faults;
using ActorCluster.Processing.Runs;
using ActorCluster.Node;
using ActorCluster.Node.Doctor;
using ActorCluster.Node.Pbm;
using ActorCluster.Node.Scoring;
using ActorCluster.Operator.Palettes;
using ActorCluster.Processing.Hosting;
using ActorCluster.Storage;

NativeHeap.LimitArenas();
var root = new RootCommand(
    """
    ActorCluster turns videos into per-frame facial-expression predictions, resumably.

    Start here:
      actorcluster process my-videos/            every video in the folder
      actorcluster process a.mp4 b.mp4 --json    some files, a JSON object at the end
      actorcluster node                          a node that stays, for runs that are submitted to it
      actorcluster run submit my-videos/ --watch
      actorcluster pbm                           a prompt to command a cluster

    The same command again goes on where it stopped, or adds what is new in the folder.
    Exit codes: 0 all videos completed, 1 the environment failed, 2 wrong usage or input files,
    3 finished with quarantined videos, 130 interrupted; of a node also 4 and 5 (see node --help).
    """)
{
    ProcessCommand.Create(),
    NodeCommand.Create(),
    RunCommand.Create(),
    PbmCommand.Create(),
    FeaturesCommand.Create(),
    ModelsCommand.Create(),
    EncodeCommand.Create(),
    ScoreCommand.Create(),
    SubmissionCommand.Create(),
    DoctorCommand.Create(),
    TrainCommand.Create(),
    AblateCommand.Create(),
    EvaluateCommand.Create(),
    TrainEncoderCommand.Create(),
    SampleDataCommand.Create(),
};

// The words of a command are the node's to understand, so they pass by as they are.
var passed = args is [RunCommand.Name, ..] ? args : args is [PbmCommand.Name, .. var words] && words is not ["-h" or "--help" or "-?"] ? words : null;
var parsed = root.Parse(passed is null ? args : [PbmCommand.Name]);
string[] errors = [.. parsed.Errors.Select(e => e.Message), .. ProcessCommand.UnknownOptions(parsed)];
if (errors.Length > 0 && !IsCompletion(args))
{
    foreach (var error in errors)
    {
        Console.Error.WriteLine($"actorcluster: {error}");
    }

    Console.Error.WriteLine($"Try '{PathOf(parsed.CommandResult)} --help'.");
    return ExitCodes.Usage;
}

try
{
    return passed is not null ? await PbmCommand.RunAsync(passed, args[0] == RunCommand.Name ? [RunPalette.Definition] : default) : await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
}
catch (Exception e) when (e is UsageException or InputSelectionException or RunRequestException or InputFaultException)
{
    Console.Error.WriteLine($"actorcluster: {e.Message}");
    return ExitCodes.Usage;
}
catch (EnvironmentFaultException e)
{
    Console.Error.WriteLine($"actorcluster: {e.Message}");
    return ExitCodes.EnvironmentFailure;
}
catch (Exception e) when (e is not OutOfMemoryException)
{
    Console.Error.WriteLine($"actorcluster: an unforeseen failure. Nothing that was stored is lost; run the same command again, and report this if it comes back.\n{e}");
    return ExitCodes.EnvironmentFailure;
}

// A shell asks what could be typed next; a line that is not finished is no error.
static bool IsCompletion(string[] args) => args is [var first, ..] && first.StartsWith("[suggest", StringComparison.Ordinal);

static string PathOf(CommandResult command) => command.Parent is CommandResult parent ? $"{PathOf(parent)} {command.Command.Name}" : "actorcluster";
