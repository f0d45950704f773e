using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using ActorCluster.Operator;
using ActorCluster.Processing.Runs;

namespace ActorCluster.Node;

/// <summary>The command line of <c>actorcluster run</c>: asks a running node, wherever it is.</summary>
internal static class RunCommand
{
    private const string TokenVariable = "ACTORCLUSTER_TOKEN";

    public static Command Create() => new(
        "run",
        $"""
        Submit runs to a running cluster and follow them.

        Examples:
          actorcluster run submit my-videos/ --watch             process a folder, and show how far it is
          actorcluster run list                                  what runs there are
          actorcluster run watch my-videos-lite-1a2b3c4d --node host-1:9110 --node host-2:9110

        The nodes read the videos themselves, so paths must be the same on every node.
        If the nodes ask for a token, {TokenVariable} has it.
        """)
    {
        Submit(), Watch(), List(), Resume(),
    };

    private static Command Submit()
    {
        var (inputs, pipeline, run, format) = (RunOptions.Inputs(), RunOptions.Pipeline(), RunOptions.Run(), RunOptions.Format());
        var (nodes, json) = (Nodes(), Json());
        var watch = new Option<bool>("--watch") { Description = "Stay and show how far the run is, as 'run watch' does." };
        var command = new Command("submit", "Have the cluster process videos. The same command again goes on with the run, or adds what is new.") { inputs, pipeline, run, format, watch, nodes, json };
        command.SetAction((parsed, _) => AskAsync(parsed.GetValue(nodes)!, async (client, stop) =>
        {
            var named = parsed.GetValue(pipeline)!;
            var request = new RunRequest(
                [.. parsed.GetValue(inputs)!.Select(Path.GetFullPath)],
                named.Contains('/', StringComparison.Ordinal) || named.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? Path.GetFullPath(named) : named,
                parsed.GetValue(run),
                parsed.GetValue(format) is "csv" or "both",
                parsed.GetValue(format) is "parquet" or "both");
            var frozen = await client.SubmitAsync(request, stop);
            var (asJson, watches) = (parsed.GetValue(json), parsed.GetValue(watch));
            var console = ConsoleOutput.For(asJson);
            console.Note(RunWords.Begin(frozen, $"node {client.Node}"));
            if (watches)
            {
                return await new RunWatcher(client, console).WatchAsync(frozen.Run, isSubmitted: true, stop);
            }

            console.Note($"To watch it: actorcluster run watch {frozen.Run}");
            if (asJson)
            {
                Print(frozen);
            }

            return ExitCodes.Completed;
        }));
        return command;
    }

    private static Command Watch()
    {
        var (name, nodes, json) = (Name(), Nodes(), Json());
        var command = new Command("watch", "Show how far a run is until it ends. Ctrl-C stops watching; the run goes on.") { name, nodes, json };
        command.SetAction((parsed, _) => AskAsync(
            parsed.GetValue(nodes)!,
            (client, stop) => new RunWatcher(client, ConsoleOutput.For(parsed.GetValue(json))).WatchAsync(parsed.GetValue(name)!, isSubmitted: false, stop)));
        return command;
    }

    private static Command List()
    {
        var (nodes, json) = (Nodes(), Json());
        var command = new Command("list", "List the runs, the newest first.") { nodes, json };
        command.SetAction((parsed, _) => AskAsync(parsed.GetValue(nodes)!, async (client, stop) =>
        {
            var runs = await client.RunsAsync(stop);
            if (parsed.GetValue(json))
            {
                Print(runs);
                return ExitCodes.Completed;
            }

            var width = runs.Select(r => r.Name.Length).DefaultIfEmpty().Max();
            foreach (var run in runs)
            {
                Console.Out.WriteLine(RunWords.OneLine($"{run.Name.PadRight(width)}  {(run.Ended ? "ended     " : "unfinished")}  {run.Videos,8} videos  {run.Pipeline}"));
            }

            if (runs.IsEmpty)
            {
                Console.Error.WriteLine("There are no runs yet. Submit one: actorcluster run submit my-videos/");
            }

            return ExitCodes.Completed;
        }));
        return command;
    }

    private static Command Resume()
    {
        var (name, nodes) = (Name(), Nodes());
        var command = new Command("resume", "Go on with a run that paused itself, once its environment is mended.") { name, nodes };
        command.SetAction((parsed, _) => AskAsync(parsed.GetValue(nodes)!, async (client, stop) =>
        {
            await client.ResumeAsync(parsed.GetValue(name)!, stop);
            Console.Out.WriteLine($"Run {parsed.GetValue(name)} goes on. To watch it: actorcluster run watch {parsed.GetValue(name)}");
            return ExitCodes.Completed;
        }));
        return command;
    }

    private static Argument<string> Name() => new("name") { Description = "The run's name, as 'run submit' and 'run list' tell it." };

    private static Option<bool> Json() => new("--json") { Description = "Print JSON and nothing else on standard output." };

    private static Option<string[]> Nodes()
    {
        var nodes = new Option<string[]>("--node")
        {
            Description = "Operator address of a node. Given again, nodes to turn to when it does not answer.",
            DefaultValueFactory = _ => [$"127.0.0.1:{OperatorSettings.DefaultPort}"],
            HelpName = "host:port",
        };
        nodes.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(t => !OperatorClient.IsNode(t.Value)))
            {
                result.AddError($"--node: '{token.Value}' is no node's address; give it as host:port, such as 127.0.0.1:{OperatorSettings.DefaultPort}.");
            }
        });
        return nodes;
    }

    /// <summary>Asks the nodes, and turns what they refuse into this process's words and exit code.</summary>
    private static async Task<int> AskAsync(string[] nodes, Func<OperatorClient, CancellationToken, Task<int>> ask)
    {
        using var signals = new StopSignals();
        var token = Environment.GetEnvironmentVariable(TokenVariable);
        if (token is { Length: > 0 } && !OperatorSettings.IsToken(token))
        {
            throw new UsageException($"{TokenVariable} has no token: a token has {OperatorSettings.ShortestToken} to {OperatorSettings.LongestToken} letters, digits or signs, and no spaces.");
        }

        using var client = new OperatorClient([.. nodes], token is { Length: > 0 } ? token : null);
        try
        {
            return await ask(client, signals.Stop);
        }
        catch (OperatorUnreachableException e)
        {
            Console.Error.WriteLine($"actorcluster: no node answers: {RunWords.OneLine(e.Message)}. Start one with 'actorcluster node', or name another with --node.");
            return ExitCodes.EnvironmentFailure;
        }
        catch (OperatorRefusedException e)
        {
            var hint = e.Status == System.Net.HttpStatusCode.Unauthorized ? $" Set {TokenVariable}." : "";
            Console.Error.WriteLine($"actorcluster: {string.Join("\n  ", e.Message.Split('\n').Select(RunWords.OneLine))}{hint}");
            return e.IsAskersFault ? ExitCodes.Usage : ExitCodes.EnvironmentFailure;
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
    }

    private static void Print<T>(T value) => Console.Out.WriteLine(JsonSerializer.Serialize(value, JsonOutput.Readable));
}
