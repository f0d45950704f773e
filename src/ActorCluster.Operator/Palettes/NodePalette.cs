using System.Runtime.CompilerServices;
using ActorCluster.Processing.Control;

namespace ActorCluster.Operator.Palettes;

/// <summary>The palette <c>node</c>: the processes of the cluster, and how much each takes.</summary>
/// <param name="control">The cluster.</param>
public sealed class NodePalette(IClusterControl control) : ICommandHandler
{
    private const int MostSlots = 256;

    /// <inheritdoc/>
    public CommandPalette Palette { get; } = new("node", "The processes of the cluster, and how much work each takes.",
    [
        new CommandDefinition("list", "Lists the nodes with their slots, memory and state.", []),
        new CommandDefinition("show", "Shows one node with the units of work that it is at.", [MemberLookup.Argument]),
        new CommandDefinition("drain", "Lets a node take no new work; what it has in work goes on to its end.", [MemberLookup.Argument]) { Changes = true },
        new CommandDefinition("undrain", "Lets a drained node take work again.", [MemberLookup.Argument]) { Changes = true },
        new CommandDefinition("slots", "Changes how many units of work a node is at at a time, until it is started again.",
        [
            MemberLookup.Argument,
            new CommandArgument("slots", "How many.", ArgumentKind.Number) { IsMandatory = true, IsPositional = true, Least = 0, Greatest = MostSlots },
        ]) { Changes = true },
    ]);

    /// <inheritdoc/>
    public async IAsyncEnumerable<CommandAnswer> RunAsync(CommandCall call, [EnumeratorCancellation] CancellationToken cancellation)
    {
        switch (call.Command.Name)
        {
            case "list":
                foreach (var node in await control.NodesAsync().WaitAsync(cancellation))
                {
                    yield return new CommandAnswer.Row([.. Row(node)]);
                }

                break;
            case "show":
                var shown = await control.NodeAsync(call.Member(control)).WaitAsync(cancellation);
                yield return new CommandAnswer.Item([.. Row(shown), .. More(shown)]);
                foreach (var unit in shown.Report?.Units ?? [])
                {
                    yield return new CommandAnswer.Row([.. Row(unit)]);
                }

                break;
            case "slots":
                yield return (await control.SetSlotsAsync(call.Member(control), (int)call.Number("slots")!).WaitAsync(cancellation)).Answer();
                break;
            default:
                yield return (await control.DrainAsync(call.Member(control), call.Command.Name == "drain").WaitAsync(cancellation)).Answer();
                break;
        }
    }

    private static IEnumerable<AnswerField> Row(NodeStanding node)
    {
        var (member, report) = (node.Member, node.Report);
        var encodes = report?.Device is not null;
        yield return new("address", member.Address);
        yield return new("roles", member.Roles.ToArray());
        yield return new("state", State(node));
        yield return new("slots", encodes ? report!.Slots : null);
        yield return new("in_use", report?.SlotsInUse);
        yield return new("memory_mib", Figures.Megabytes(report?.MemoryBytes));
        yield return new("cores", report?.Cores);
        yield return new("uptime_seconds", Figures.Seconds(report?.UptimeSeconds));
        yield return new("store", report is null ? null : report.StorePresent ? "present" : "away");
    }

    private static IEnumerable<AnswerField> More(NodeStanding node)
    {
        var report = node.Report;
        yield return new("name", node.Member.Node);
        yield return new("version", report?.Version);
        yield return new("staging_mib", Figures.Megabytes(report?.StagingBytes));
        yield return new("staging_budget_mib", Figures.Megabytes(report?.StagingBudget));
        yield return new("decode_lag_percent", report?.Device is null ? null : Figures.Percent(report.DecodeLag));
        yield return new("decode_slots", report?.DecodeSlots);
        yield return new("device", report?.Device?.Name);
    }

    private static IEnumerable<AnswerField> Row(UnitReport unit) =>
    [
        new("run", unit.Run),
        new("video", unit.Video),
        new("unit", unit.What),
        new("stage", unit.WaitsForStore ? "waits for the store" : unit.Stage),
        new("frames", unit.Frames),
        new("in_work_seconds", Figures.Seconds(unit.Seconds)),
        new("still_seconds", Figures.Seconds(unit.StillSeconds)),
    ];

    private static string State(NodeStanding node) => node switch
    {
        { Member.IsReachable: false } => $"{node.Member.Status}, unreachable",
        { Report: null } => $"{node.Member.Status}, {node.Silence}",
        { Report.IsDrained: true } => $"{node.Member.Status}, drained",
        _ => node.Member.Status,
    };
}
