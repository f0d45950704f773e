using ActorCluster.Media;
using ActorCluster.Node.Tests;
using ActorCluster.Operator.Palettes;
using ActorCluster.Processing.Control;
using ActorCluster.Processing.Hosting;

namespace ActorCluster.Cluster.Tests;

/// <summary>A node in this process that belongs to a cluster of other processes, does nothing for it, and asks it what an operator would.</summary>
internal sealed class Observer : IAsyncDisposable
{
    private readonly ClusterNode _node;

    private Observer(ClusterNode node) => _node = node;

    public IClusterControl Control => _node.Control;

    public ClusterNode Node => _node;

    /// <summary>Joins a cluster whose nodes are up.</summary>
    public static async Task<Observer> JoinAsync(ClusterHarness cluster) => new(await ClusterNode.StartAsync(
        cluster.Data, FfmpegTools.Locate(), new NodeSettings { Roles = NodeRoles.None, Seeds = [.. cluster.Nodes.Select(n => n.Address)], State = cluster.Environment["ACTORCLUSTER__STATE"] }));

    /// <summary>What a command answers, piece by piece; its words are those that an operator types.</summary>
    public async Task<List<CommandAnswer>> AskAsync(params string[] words)
    {
        var registry = new PaletteRegistry(NodePalettes.Of(_node, _node.Control, new Storage.DataDirectory("/nowhere"), new Operator.LogFeed()));
        var parsed = CommandParser.Parse(registry.Palettes, words, "test");
        Assert.True(parsed.Call is not null, parsed.Explanation);
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        var answers = new List<CommandAnswer>();
        await foreach (var answer in new CommandRunner(registry, _node).RunAsync(parsed.Call!, deadline.Token))
        {
            answers.Add(answer);
        }

        return answers;
    }

    /// <summary>The five lines of <c>run explain</c>.</summary>
    public async Task<List<string>> ExplainAsync(string run) => [.. (await AskAsync("run", "explain", run)).Cast<CommandAnswer.Line>().Select(l => l.Text)];

    public ValueTask DisposeAsync() => _node.DisposeAsync();
}
