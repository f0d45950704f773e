using ActorCluster.Operator;
using ActorCluster.Operator.Palettes;

namespace ActorCluster.Node.Pbm;

/// <summary>The prompt: <c>[127.0.0.1:9110] pbm></c>.</summary>
/// <param name="session">Gives the commands.</param>
/// <param name="client">Knows which runs and nodes there are.</param>
internal sealed class PbmPrompt(PbmSession session, OperatorClient client)
{
    private static readonly string[] OwnWords = ["help", "exit"];
    private static readonly TimeSpan NamesWithin = TimeSpan.FromSeconds(2);

    /// <summary>Reads and gives commands until there are no more.</summary>
    public async Task<int> RunAsync()
    {
        var history = new PromptHistory(PromptHistory.DefaultPath);
        var editor = new LineEditor(history, CompleteAsync);
        if (await session.ExecuteAsync(["help"], CancellationToken.None) is var code and not ExitCodes.Completed)
        {
            return code;
        }

        Console.Out.WriteLine("'exit' leaves. TAB completes, the arrows bring back what was typed before.");
        while (await editor.ReadAsync($"[{session.Node}] pbm> ") is { } line)
        {
            history.Add(line);
            using var signals = new StopSignals();
            if (await PbmScript.LineAsync(session, line, signals.Stop) is null)
            {
                break;
            }
        }

        return ExitCodes.Completed;
    }

    /// <summary>What the word before the cursor could become.</summary>
    private async Task<(int Replaces, IReadOnlyList<string> Words)> CompleteAsync(string before)
    {
        var words = CommandTokenizer.SplitUnfinished(before);
        using var deadline = new CancellationTokenSource(NamesWithin);
        try
        {
            var completion = CommandCompletion.Of(await session.PalettesAsync(deadline.Token), words, OwnWords);
            IEnumerable<string> candidates = completion.Kind switch
            {
                ArgumentKind.Run => (await client.RunsAsync(deadline.Token)).Select(r => r.Name),
                ArgumentKind.Node => await NodesAsync(deadline.Token),
                ArgumentKind.Path => completion.Words.Concat(Paths(words[^1])),
                _ => completion.Words,
            };
            // A quoted word is left alone: what is replaced must be what was typed.
            return before.EndsWith(words[^1], StringComparison.Ordinal)
                ? (words[^1].Length, [.. candidates.Where(c => c.StartsWith(words[^1], StringComparison.Ordinal) && CommandTokenizer.Quote(c) == c).Order(StringComparer.Ordinal)])
                : (0, []);
        }
        catch (Exception e) when (e is OperatorUnreachableException or OperatorRefusedException or CommandFailedException or OperationCanceledException)
        {
            return (0, []);
        }
    }

    /// <summary>The nodes' addresses, as <c>node list</c> has them.</summary>
    private async Task<List<string>> NodesAsync(CancellationToken stop)
    {
        var nodes = new List<string>();
        await foreach (var answer in client.CommandAsync(new CommandRequest("node", "list"), stop))
        {
            if (answer is CommandAnswer.Row row && row.Fields.Select(f => f.Value).OfType<string>().FirstOrDefault(OperatorClient.IsNode) is { } address)
            {
                nodes.Add(address);
            }
        }

        return nodes;
    }

    private static List<string> Paths(string begun)
    {
        var folder = begun[..(begun.LastIndexOf('/') + 1)];
        try
        {
            return [.. new DirectoryInfo(folder.Length == 0 ? "." : folder).EnumerateFileSystemInfos().Select(f => folder + f.Name + (f is DirectoryInfo ? "/" : ""))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
