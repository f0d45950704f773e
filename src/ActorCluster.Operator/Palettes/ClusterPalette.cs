using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ActorCluster.Processing.Control;

namespace ActorCluster.Operator.Palettes;

/// <summary>The palette <c>cluster</c>: membership, with Petabridge.Cmd's verbs.</summary>
/// <param name="control">The cluster.</param>
public sealed class ClusterPalette(IClusterControl control) : ICommandHandler
{
    /// <inheritdoc/>
    public CommandPalette Palette { get; } = new("cluster", "Who belongs to the cluster.",
    [
        new CommandDefinition("show", "Lists the members as this node sees them.", []),
        new CommandDefinition("status", "Tells how the cluster is: members, who is unreachable, who leads.", []),
        new CommandDefinition("leader", "Tells who lets members join and leave, and who hosts the catalogue of runs and the slot broker.", []),
        new CommandDefinition("join", "Tells how the node at an address comes into this cluster.", [MemberLookup.Argument]),
        new CommandDefinition("leave", "Lets a node finish, hand back its work, leave and end.", [MemberLookup.Argument])
        {
            Changes = true,
            Danger = "The node leaves the cluster and its process ends.",
        },
        new CommandDefinition("down", "Goes on without a node that does not come back.", [MemberLookup.Argument])
        {
            Changes = true,
            Danger = "The cluster goes on without the node at once, and what it has in work is done again. If its process still runs and only the network is cut, make sure first that it is stopped.",
        },
        new CommandDefinition("down-unreachable", "Goes on without all nodes that are unreachable.", [])
        {
            Changes = true,
            Danger = "The cluster goes on at once without every node that is unreachable. If the network is cut in two, do this on one side only, and stop the processes of the other.",
        },
        new CommandDefinition("tail", "Follows changes of membership until it is interrupted.", []) { Follows = true },
    ]);

    /// <inheritdoc/>
    public async IAsyncEnumerable<CommandAnswer> RunAsync(CommandCall call, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (call.Command.Name == "tail")
        {
            await foreach (var line in control.MembershipAsync(cancellation))
            {
                yield return new CommandAnswer.Line(line);
            }

            yield break;
        }

        IEnumerable<CommandAnswer> answers = call.Command.Name switch
        {
            "show" => control.Members.Select(Row),
            "status" => [Status(control.Members)],
            "leader" => [Leader(control.Members)],
            "join" => [Join(call)],
            "leave" => [(await control.LeaveAsync(call.Member(control)).WaitAsync(cancellation)).Answer()],
            "down" => [control.Down(call.Member(control)).Answer()],
            _ => DownUnreachable(control.Members),
        };
        foreach (var answer in answers)
        {
            yield return answer;
        }
    }

    private static CommandAnswer.Row Row(MemberReport member) => new CommandAnswer.Row(
    [
        new("address", member.Address),
        new("status", member.Status),
        new("reachable", member.IsReachable),
        new("roles", member.Roles.ToArray()),
        new("leader", member.IsLeader),
        new("oldest", member.IsOldest),
        new("here", member.IsSelf),
        new("name", member.Node),
    ]);

    private static CommandAnswer.Item Status(ImmutableArray<MemberReport> members)
    {
        string[] unreachable = [.. members.Where(m => !m.IsReachable).Select(m => m.Address)];
        return new CommandAnswer.Item(
        [
            new("here", members.FirstOrDefault(m => m.IsSelf)?.Address),
            new("members", members.Length),
            new("up", members.Count(m => m.IsUp)),
            new("coordinators", members.Count(m => m is { IsUp: true, IsCoordinator: true })),
            new("unreachable", unreachable),
            new("leader", members.FirstOrDefault(m => m.IsLeader)?.Address),
            new("oldest_coordinator", members.FirstOrDefault(m => m.IsOldest)?.Address),
        ]);
    }

    private static CommandAnswer.Item Leader(ImmutableArray<MemberReport> members) => new CommandAnswer.Item(
    [
        new("leader", members.FirstOrDefault(m => m.IsLeader)?.Address),
        new("oldest_coordinator", members.FirstOrDefault(m => m.IsOldest)?.Address),
    ]);

    /// <summary>A node joins when it starts and never later, so no node can be made to; what can be done is told.</summary>
    private CommandAnswer.Line Join(CommandCall call)
    {
        var (address, members) = (call.Needed(MemberLookup.Argument.Name), control.Members);
        if (members.FirstOrDefault(m => m.Address.Equals(address, StringComparison.OrdinalIgnoreCase)) is { } member)
        {
            return new CommandAnswer.Line($"{member.Address} belongs to this cluster already; it is {member.Status}.");
        }

        var colon = address.LastIndexOf(':');
        var seeds = members.Where(m => m is { IsUp: true, IsReachable: true }).OrderByDescending(m => m.IsCoordinator).Select(m => m.Address).Take(3);
        throw new CommandRefusedException(
            $"A node joins when it starts. Start the one at {address} with: actorcluster node --hostname {address[..colon]} --port {address[(colon + 1)..]} --seed {string.Join(' ', seeds)}, and this cluster's data and state.");
    }

    private IEnumerable<CommandAnswer> DownUnreachable(ImmutableArray<MemberReport> members)
    {
        ImmutableArray<MemberReport> unreachable = [.. members.Where(m => m is { IsReachable: false, Status: not "Down" })];
        if (unreachable.IsEmpty)
        {
            yield return new CommandAnswer.Line("No member is unreachable; nothing was done.");
        }
        else if (MembershipRules.WhyStay(members, unreachable) is { } reason)
        {
            throw new CommandRefusedException(reason);
        }

        foreach (var member in unreachable)
        {
            yield return control.Down(member).Answer();
        }
    }
}
