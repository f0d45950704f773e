using System.Runtime.CompilerServices;
using ActorCluster.Processing.Control;

namespace ActorCluster.Operator.Palettes;

/// <summary>The palette <c>sharding</c>: where the actors of runs and videos are.</summary>
/// <param name="control">The cluster.</param>
public sealed class ShardingPalette(IClusterControl control) : ICommandHandler
{
    private const int MostRows = 500;
    private static readonly CommandArgument Region = new("region", "The region.", ArgumentKind.Choice) { Values = ["run", "video"] };

    /// <inheritdoc/>
    public CommandPalette Palette { get; } = new("sharding", "Where the actors of runs and videos are.",
    [
        new CommandDefinition("regions", "Lists the regions of each node with their shards and entities.", []),
        new CommandDefinition("shards", "Lists the shards of all nodes.", [Region]),
        new CommandDefinition("entities", "Lists entities that are awake on this node.",
        [
            Region with { IsMandatory = true, IsPositional = true },
            new CommandArgument("shard", "One shard of it.", ArgumentKind.Text),
            CommonArguments.Skip,
            CommonArguments.Take(usual: 100, MostRows),
        ]),
    ]);

    /// <inheritdoc/>
    public async IAsyncEnumerable<CommandAnswer> RunAsync(CommandCall call, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (call.Command.Name == "entities")
        {
            var skip = (int)call.Number("skip")!;
            var page = await control.EntitiesAsync(call.Needed("region"), call.Text("shard"), skip, (int)call.Number("take")!).WaitAsync(cancellation);
            foreach (var (shard, entity) in page.Entities)
            {
                yield return new CommandAnswer.Row([new("shard", shard), new("entity", entity)]);
            }

            yield return new CommandAnswer.Line($"{page.Entities.Length} of {page.Total} entities on this node, from {skip}");
            yield break;
        }

        var nodes = await control.ShardsAsync().WaitAsync(cancellation);
        var wanted = call.Text("region");
        foreach (var node in nodes)
        {
            var shards = node.Shards.Where(s => wanted is null || s.Region == wanted);
            var rows = call.Command.Name == "regions"
                ? shards.GroupBy(s => s.Region).Select(r => new CommandAnswer.Row([new("region", r.Key), new("node", node.Member.Address), new("shards", r.Count()), new("entities", r.Sum(s => s.Entities))]))
                : shards.OrderBy(s => s.Region, StringComparer.Ordinal).ThenBy(s => s.Shard.Length).ThenBy(s => s.Shard, StringComparer.Ordinal)
                    .Select(s => new CommandAnswer.Row([new("region", s.Region), new("shard", s.Shard), new("node", node.Member.Address), new("entities", s.Entities)]));
            foreach (var row in rows)
            {
                yield return row;
            }
        }

        foreach (var silent in nodes.Where(n => n.Silence.Length > 0))
        {
            yield return new CommandAnswer.Line($"{silent.Member.Address}: {silent.Silence}; its shards are not listed");
        }
    }
}
