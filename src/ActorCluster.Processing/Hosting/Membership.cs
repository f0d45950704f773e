using System.Globalization;
using Akka.Cluster;

namespace ActorCluster.Processing.Hosting;

/// <summary>
/// The processes of the cluster by name. A name is the process's address and the number that its actor system drew at start, so that a process
/// started again at the same address has another one.
/// </summary>
internal sealed class Membership(Akka.Cluster.Cluster cluster)
{
    private static readonly string Coordinator = NodeRoleNames.Of(NodeRoles.Coordinator);

    /// <summary>This process's name.</summary>
    public string SelfName { get; } = NameOf(cluster.SelfUniqueAddress);

    /// <summary>What is known of a process. Thread-safe.</summary>
    public NodeLiveness Of(string name)
    {
        var state = cluster.State;
        // The broker asks for every node every second: numbers are compared before any name is written out.
        var member = uint.TryParse(name.AsSpan(name.LastIndexOf('#') + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
            ? state.Members.FirstOrDefault(m => (uint)m.UniqueAddress.Uid == number && NameOf(m.UniqueAddress) == name)
            : null;
        return member switch
        {
            null => NodeLiveness.Gone,
            { Status: MemberStatus.Down or MemberStatus.Removed } => NodeLiveness.Gone,
            _ => state.Unreachable.Contains(member) && IsOnTheSideThatGoesOn(CoordinatorsOf(state).Select(c => c.IsReached))
                ? NodeLiveness.Unreachable
                : NodeLiveness.Alive,
        };
    }

    /// <summary>Each coordinator, this process included, and whether the failure detector reaches it.</summary>
    internal static IEnumerable<(UniqueAddress Node, bool IsReached)> CoordinatorsOf(ClusterEvent.CurrentClusterState state) =>
        state.Members.Where(m => m.HasRole(Coordinator)).Select(m => (m.UniqueAddress, !state.Unreachable.Contains(m)));

    /// <summary>
    /// Whether this process reaches most of the coordinators. On the other side of a split it is this one that will be given up, and what goes on over there must
    /// not be taken for lost here.
    /// </summary>
    /// <param name="coordinators">Of each coordinator, whether it is reached.</param>
    internal static bool IsOnTheSideThatGoesOn(IEnumerable<bool> coordinators) => coordinators.Sum(isReached => isReached ? 1 : -1) > 0;

    /// <summary>The address in a process's name, <c>host:port</c>; the name itself where a process has no cluster.</summary>
    public static string AddressOf(string name) => name.LastIndexOf('#') is var end and >= 0 ? name[..end] : name;

    /// <summary>A process's name.</summary>
    public static string NameOf(UniqueAddress address) => $"{address.Address.Host}:{address.Address.Port}#{(uint)address.Uid:x8}";
}
