using System.Collections.Immutable;
using System.CommandLine;
using ActorCluster.Operator.Palettes;

namespace ActorCluster.Node.Pbm;

/// <summary>The command line of <c>actorcluster pbm</c>. Only its help is System.CommandLine's: what a command takes is the node's to say.</summary>
internal static class PbmCommand
{
    public const string Name = "pbm";

    public static Command Create() => new(
        Name,
        $"""
        Command a running cluster: one command, or a prompt.

          actorcluster pbm [host:port ...] [PALETTE COMMAND [value ...] [-switch value ...]] [-json]

        Examples:
          actorcluster pbm                                       a prompt; 'help' lists what there is
          actorcluster pbm help run                              the commands about runs
          actorcluster pbm host-1:9110 host-2:9110 run list      nodes to turn to, one after the other
          actorcluster pbm run cancel spring -yes                dangerous commands ask first on a terminal, and need -yes elsewhere
          actorcluster pbm < commands.txt                        one command a line

        {string.Join("\n", PbmArguments.Help)}
        """)
    {
        new Argument<string[]>("words") { Description = "Nodes, then the command.", Arity = ArgumentArity.ZeroOrMore },
    };

    /// <summary>Runs it.</summary>
    /// <param name="words">The command line behind the verb.</param>
    /// <param name="palettes">The palettes, where they are known without a node.</param>
    public static async Task<int> RunAsync(IReadOnlyList<string> words, ImmutableArray<CommandPalette> palettes)
    {
        var arguments = PbmArguments.Parse(words);
        using var client = OperatorConnection.Open(arguments.Nodes, arguments.Authorities);
        var isTerminal = !Console.IsInputRedirected && !Console.IsErrorRedirected;
        var isPrompt = arguments.Words.Count == 0 && !Console.IsInputRedirected && !Console.IsOutputRedirected;
        var session = new PbmSession(client, palettes, arguments.IsJson, isTerminal ? Ask : null, Console.Out, Console.Error) { IsPrompt = isPrompt };
        if (isPrompt)
        {
            return await new PbmPrompt(session, client).RunAsync();
        }

        if (arguments.Words.Count == 0)
        {
            using var input = new StreamReader(Console.OpenStandardInput());
            return await PbmScript.RunAsync(session, input);
        }

        using var signals = new StopSignals();
        return await session.ExecuteAsync(arguments.Words, signals.Stop);
    }

    private static bool Ask(string question)
    {
        Console.Error.Write(question);
        return Console.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }
}
