using Akka.Actor;
using Akka.Cluster;

namespace ActorCluster.Processing.Control;

/// <summary>Writes changes of membership as lines, for as long as it lives.</summary>
internal sealed class MembershipWatch : UntypedActor
{
    private readonly LineQueue _lines;
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);

    public MembershipWatch(LineQueue lines) => _lines = lines;

    public static Props Props(LineQueue lines) => Akka.Actor.Props.Create(() => new MembershipWatch(lines));

    protected override void PreStart() => _cluster.Subscribe(
        Self,
        ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot,
        typeof(ClusterEvent.IMemberEvent),
        typeof(ClusterEvent.IReachabilityEvent),
        typeof(ClusterEvent.LeaderChanged),
        typeof(ClusterEvent.RoleLeaderChanged));

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        var words = message switch
        {
            ClusterEvent.CurrentClusterState m => $"{m.Members.Count} members, {m.Unreachable.Count} unreachable, leader {Words(m.Leader)}",
            ClusterEvent.UnreachableMember m => $"{Words(m.Member)} is unreachable",
            ClusterEvent.ReachableMember m => $"{Words(m.Member)} is reachable again",
            ClusterEvent.MemberRemoved m => $"{Words(m.Member)} is removed (was {m.PreviousStatus})",
            ClusterEvent.IMemberEvent m => $"{Words(m.Member)} is {m.Member.Status}",
            ClusterEvent.LeaderChanged m => $"{Words(m.Leader)} is the leader",
            ClusterEvent.RoleLeaderChanged m => $"{Words(m.Leader)} is the leader of role {m.Role}",
            _ => null,
        };
        if (words is not null)
        {
            _lines.Write($"{DateTime.UtcNow:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {words}");
        }
    }

    private static string Words(Address? address) => address is null ? "nobody" : $"{address.Host}:{address.Port}";

    private static string Words(Member member) => $"{Words(member.Address)} [{string.Join(", ", member.Roles.Order(StringComparer.Ordinal))}]";
}
