using System.CommandLine;
using ActorCluster.Operator.Palettes;

namespace ActorCluster.Node;

/// <summary>The command line of <c>actorcluster run</c>: <c>actorcluster pbm run</c> under another name, whose help and errors need no node.</summary>
internal static class RunCommand
{
    public const string Name = "run";

    public static Command Create()
    {
        var words = new Argument<string[]>("words") { Description = "The command and what it takes.", Arity = ArgumentArity.ZeroOrMore };
        words.CompletionSources.Add([.. RunPalette.Definition.Commands.Select(c => c.Name)]);
        return new Command(Name, "Submit runs to a running cluster, follow them and steer them.") { words };
    }
}
