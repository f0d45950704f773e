using System.Runtime.CompilerServices;
using ActorCluster.Processing.Control;

namespace ActorCluster.Operator.Palettes;

/// <summary>The palette <c>gpu</c>: the devices of the cluster, what they do, and why they stand idle.</summary>
/// <param name="control">The cluster.</param>
public sealed class GpuPalette(IClusterControl control) : ICommandHandler
{
    /// <inheritdoc/>
    public CommandPalette Palette { get; } = new("gpu", "The devices that encode, GPUs and processors alike: what they do, and why they stand idle.",
    [
        new CommandDefinition("list", "Lists the devices with what they did in the last 30 seconds: busy and the reasons for standing idle add up to 100 percent.", []),
        new CommandDefinition("show", "Shows the device of one node with its encoders.", [MemberLookup.Argument]),
    ]);

    /// <inheritdoc/>
    public async IAsyncEnumerable<CommandAnswer> RunAsync(CommandCall call, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (call.Command.Name == "list")
        {
            foreach (var node in (await control.NodesAsync().WaitAsync(cancellation)).Where(n => n.Report is null ? n.Member.Roles.Contains("gpu") : n.Report.Device is not null))
            {
                yield return new CommandAnswer.Row([.. Fields(node)]);
            }

            yield break;
        }

        var shown = await control.NodeAsync(call.Member(control)).WaitAsync(cancellation);
        if (shown.Report is { Device: null })
        {
            throw new CommandRefusedException($"Node {shown.Member.Address} does not have the role gpu, and so no device. See 'gpu list'.");
        }

        yield return new CommandAnswer.Item([.. Fields(shown)]);
        foreach (var encoder in shown.Report?.Device?.Encoders ?? [])
        {
            yield return new CommandAnswer.Row(
            [
                new("encoder", encoder.Name),
                new("batch", encoder.Batch),
                new("fill_percent", Figures.Percent(encoder.Fill)),
                new("passes_per_second", Math.Round(encoder.PassesPerSecond, 2)),
            ]);
        }
    }

    private static IEnumerable<AnswerField> Fields(NodeStanding node)
    {
        var device = node.Report?.Device;
        var shares = device?.Shares;
        var working = device?.Encoders.Where(e => e.PassesPerSecond > 0).ToList();
        yield return new("address", node.Member.Address);
        yield return new("device", device?.Name ?? node.Silence);
        yield return new("lanes", device?.Lanes);
        yield return new("fill_percent", Figures.Percent(working is { Count: > 0 } ? working.Average(e => e.Fill) : null));
        yield return new("busy_percent", Figures.Percent(shares?.Busy));
        yield return new("decode_percent", Figures.Percent(shares?.Decode));
        yield return new("batch_percent", Figures.Percent(shares?.Batch));
        yield return new("store_percent", Figures.Percent(shares?.Store));
        yield return new("no_demand_percent", Figures.Percent(shares?.NoDemand));
        yield return new("drained_percent", Figures.Percent(shares?.Drained));
        yield return new("paused_percent", Figures.Percent(shares?.Paused));
    }
}
