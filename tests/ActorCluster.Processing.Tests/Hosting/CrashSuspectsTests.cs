using ActorCluster.Processing.Hosting;
using Akka.Actor;
using Akka.Cluster;

namespace ActorCluster.Processing.Tests.Hosting;

public sealed class CrashSuspectsTests
{
    private static readonly UniqueAddress Self = Node(1);
    private static readonly UniqueAddress Other = Node(2);
    private static readonly UniqueAddress Crashed = Node(3);

    [Fact]
    public void Dead_RefusedThreeTimes_IsTheOneThatWasSuspected()
    {
        var suspects = CrashSuspects.None.Suspected(Crashed).Refused(Crashed).Refused(Crashed);
        Assert.Empty(suspects.Dead(All()));
        Assert.Equal([Crashed], suspects.Refused(Crashed).Dead(All()));
        Assert.Empty(CrashSuspects.None.Refused(Other).Refused(Other).Refused(Other).Dead(All()));
    }

    [Fact]
    public void Cleared_BeforeTheThirdRefusal_BeginsAnew()
    {
        var suspects = Refused(CrashSuspects.None, Crashed, 2).Cleared(Crashed);
        Assert.Empty(Refused(suspects, Crashed, 2).Dead(All()));
        Assert.Equal([Crashed], Refused(suspects, Crashed, 3).Dead(All()));
    }

    [Fact]
    public void Suspected_Again_ForgetsNoRefusal() => Assert.Equal([Crashed], Refused(Refused(CrashSuspects.None, Crashed, 2), Crashed, 1).Dead(All()));

    [Fact]
    public void Dead_MostCoordinatorsRefuseOrAreNotReached_IsNobody()
    {
        // A firewall that refuses in the name of all others must not make this process believe that it is the last.
        Assert.Empty(Refused(Refused(CrashSuspects.None, Crashed, 3), Other, 1).Dead(All()));
        Assert.Empty(Refused(CrashSuspects.None, Crashed, 3).Dead([(Self, true), (Other, false), (Crashed, true)]));
        Assert.Empty(Refused(CrashSuspects.None, Crashed, 3).Dead([(Self, true), (Crashed, true)]));
    }

    [Fact]
    public void Dead_NoCoordinator_NeedsTheMajorityAllTheSame()
    {
        Assert.Equal([Crashed], Refused(CrashSuspects.None, Crashed, 3).Dead([(Self, true)]));
        Assert.Empty(Refused(CrashSuspects.None, Crashed, 3).Dead([(Self, true), (Other, false)]));
    }

    private static CrashSuspects Refused(CrashSuspects suspects, UniqueAddress member, int times) =>
        Enumerable.Range(0, times).Aggregate(suspects.Suspected(member), (s, _) => s.Refused(member));

    private static IEnumerable<(UniqueAddress, bool)> All() => [(Self, true), (Other, true), (Crashed, true)];

    private static UniqueAddress Node(int number) => new(new Address("akka.tcp", "actorcluster", "127.0.0.1", 9000 + number), number);
}
