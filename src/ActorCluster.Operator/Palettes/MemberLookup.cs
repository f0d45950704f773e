using ActorCluster.Core.Formats;
using ActorCluster.Processing.Control;

namespace ActorCluster.Operator.Palettes;

/// <summary>Finds the member that a command names.</summary>
internal static class MemberLookup
{
    private const int ListedNames = 3;

    /// <summary>The argument that names a node.</summary>
    public static CommandArgument Argument { get; } = new("node", "The node's address, as 'node list' shows it.", ArgumentKind.Node) { IsMandatory = true, IsPositional = true };

    /// <summary>The member with the address that a command names.</summary>
    /// <exception cref="CommandRefusedException">There is none.</exception>
    public static MemberReport Member(this CommandCall call, IClusterControl control)
    {
        var (address, members) = (call.Needed(Argument.Name), control.Members);
        return members.FirstOrDefault(m => m.Address.Equals(address, StringComparison.OrdinalIgnoreCase)) ?? throw new CommandRefusedException(
            $"No member of the cluster has the address '{address}'. Members: {string.Join(", ", members.Select(m => m.Address).Take(20))}.",
            NearestNames.Find(address, members.Select(m => m.Address), ListedNames));
    }

    /// <summary>What came of a command as its answer.</summary>
    /// <exception cref="CommandRefusedException">It was not done.</exception>
    public static CommandAnswer Answer(this ControlOutcome outcome) => outcome.Done ? new CommandAnswer.Line(outcome.Words) : throw new CommandRefusedException(outcome.Words);
}
