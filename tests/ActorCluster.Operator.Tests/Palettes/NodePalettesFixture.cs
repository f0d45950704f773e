using ActorCluster.Media;
using ActorCluster.Operator.Palettes;
using ActorCluster.Processing.Hosting;
using ActorCluster.Storage;

namespace ActorCluster.Operator.Tests.Palettes;

/// <summary>A real node, alone with SQLite, and its palettes.</summary>
public sealed class NodePalettesFixture : IAsyncLifetime
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("actorcluster-palettes-");
    private ClusterNode _node = null!;

    /// <summary>Its log.</summary>
    public LogFeed Log { get; } = new();

    /// <summary>Its address.</summary>
    public string Address => _node.State.Address;

    /// <summary>Its data folder.</summary>
    public DataDirectory Data => new(_root.FullName);

    internal PaletteRegistry Registry { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Data.Create();
        _node = await ClusterNode.StartAsync(Data, FfmpegTools.Locate(), new NodeSettings { Slots = 2 });
        Registry = new PaletteRegistry(NodePalettes.Of(_node, _node.Control, Data, Log));
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        _root.Delete(recursive: true);
    }

    /// <summary>Gives a command as an operator types it; a dangerous one with <c>-yes</c>.</summary>
    public IAsyncEnumerable<CommandAnswer> Ask(string command, CancellationToken cancellation = default)
    {
        var parsed = CommandParser.Parse(Registry.Palettes, CommandTokenizer.Split(command), "test");
        Assert.True(parsed.Call is not null, parsed.Explanation);
        return new CommandRunner(Registry, _node).RunAsync(parsed.Call!, cancellation);
    }

    /// <summary>All that a command answers.</summary>
    public async Task<List<CommandAnswer>> AllAsync(string command)
    {
        using var deadline = new CancellationTokenSource(Deadline.After);
        var answers = new List<CommandAnswer>();
        await foreach (var answer in Ask(command, deadline.Token))
        {
            answers.Add(answer);
        }

        return answers;
    }

    /// <summary>Why a command is refused.</summary>
    public async Task<CommandRefusedException> RefusedAsync(string command) => await Assert.ThrowsAsync<CommandRefusedException>(() => AllAsync(command));
}
