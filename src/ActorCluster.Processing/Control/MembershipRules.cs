using System.Collections.Immutable;

namespace ActorCluster.Processing.Control;

/// <summary>What must not be done to the membership of a cluster, whoever asks for it.</summary>
public static class MembershipRules
{
    /// <summary>Why members must not leave or be given up; null if nothing speaks against it.</summary>
    /// <param name="members">All members.</param>
    /// <param name="going">The members that would go.</param>
    public static string? WhyStay(ImmutableArray<MemberReport> members, ImmutableArray<MemberReport> going)
    {
        var coordinators = members.Where(m => m is { IsCoordinator: true, IsUp: true, IsReachable: true }).ToList();
        return going.Any(m => m.IsCoordinator) && coordinators.TrueForAll(c => going.Any(m => m.Node == c.Node))
            ? $"{string.Join(", ", going.Where(m => m.IsCoordinator).Select(m => m.Address))} is the last coordinator that the cluster reaches: runs, slots and operators' commands would end with it. Start another node with the role coordinator first; to end the whole cluster, stop its processes (SIGTERM)."
            : null;
    }

    /// <summary>Why a member cannot leave in order; null if it can.</summary>
    /// <param name="members">All members.</param>
    /// <param name="member">The member.</param>
    public static string? WhyNotLeave(ImmutableArray<MemberReport> members, MemberReport member) => member switch
    {
        { IsReachable: false } => $"{member.Address} is unreachable: it cannot be told to leave. Wait until it is back, or give it up with 'cluster down'.",
        { IsUp: false } => $"{member.Address} is {member.Status} already.",
        _ => WhyStay(members, [member]),
    };

    /// <summary>Why a member must not be given up; null if it may.</summary>
    /// <param name="members">All members.</param>
    /// <param name="member">The member.</param>
    public static string? WhyNotDown(ImmutableArray<MemberReport> members, MemberReport member) => member switch
    {
        { IsSelf: true } => $"{member.Address} is the node that you are talking to: let it leave in order ('cluster leave'), or ask another node to give it up.",
        { Status: "Down" } => $"{member.Address} is given up already.",
        _ => WhyStay(members, [member]),
    };
}
