using System.Diagnostics;
using ActorCluster.Media;
using ActorCluster.Node.Tests;
using ActorCluster.Operator.Palettes;
using ActorCluster.Processing.Control;
using ActorCluster.Processing.Hosting;

namespace ActorCluster.Cluster.Tests;

/// <summary>A node in this process that belongs to a cluster of other processes, does nothing for it, and asks it what an operator would.</summary>
internal sealed class Observer : IAsyncDisposable
{
    private const int Times = 5;
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromMilliseconds(300);
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

    /// <summary>Asks each of some commands several times, and fails unless nine of ten answer as soon as an operator expects.</summary>
    /// <param name="isFirstTimed">Whether the first time counts, too: what a process does then it has to compile.</param>
    /// <param name="commands">The commands.</param>
    /// <returns>How long they took, in words.</returns>
    public async Task<string> TimeAsync(bool isFirstTimed, params string[][] commands)
    {
        var times = new List<TimeSpan>();
        foreach (var words in commands)
        {
            if (!isFirstTimed)
            {
                await AskAsync(words);
            }

            for (var i = 0; i < Times; i++)
            {
                var clock = Stopwatch.StartNew();
                Assert.NotEmpty(await AskAsync(words));
                times.Add(clock.Elapsed);
            }
        }

        times.Sort();
        Assert.True(times[times.Count * 9 / 10] < AnswersWithin, $"Nine of ten answer within {times[times.Count * 9 / 10].TotalMilliseconds:0} ms.");
        return $"{times.Count} commands: median {times[times.Count / 2].TotalMilliseconds:0} ms, slowest {times[^1].TotalMilliseconds:0} ms";
    }

    /// <summary>The five lines of <c>run explain</c>.</summary>
    public async Task<List<string>> ExplainAsync(string run) => [.. (await AskAsync("run", "explain", run)).Cast<CommandAnswer.Line>().Select(l => l.Text)];

    public ValueTask DisposeAsync() => _node.DisposeAsync();
}
