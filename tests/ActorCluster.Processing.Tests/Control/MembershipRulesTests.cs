using System.Collections.Immutable;
using ActorCluster.Processing.Control;

namespace ActorCluster.Processing.Tests.Control;

public sealed class MembershipRulesTests
{
    private static readonly MemberReport Coordinator = Member("a:1", "coordinator");
    private static readonly MemberReport Second = Member("b:1", "coordinator");
    private static readonly MemberReport Worker = Member("c:1", "worker");

    [Fact]
    public void WhyNotLeave_OneOfTwoCoordinators_MayGo() => Assert.Null(MembershipRules.WhyNotLeave([Coordinator, Second, Worker], Coordinator));

    [Fact]
    public void WhyNotLeave_LastReachableCoordinator_MustStay()
    {
        Assert.Contains("last coordinator", MembershipRules.WhyNotLeave([Coordinator, Worker], Coordinator), StringComparison.Ordinal);
        ImmutableArray<MemberReport> members = [Coordinator, Second with { IsReachable = false }, Worker];
        Assert.Contains("last coordinator", MembershipRules.WhyNotDown(members, Coordinator), StringComparison.Ordinal);
        Assert.Null(MembershipRules.WhyNotDown(members, Second with { IsReachable = false }));
    }

    [Fact]
    public void WhyNotLeave_MembersSeenAnew_AreTheSameMembers() =>
        Assert.Contains("last coordinator", MembershipRules.WhyNotLeave([Member("a:1", "coordinator"), Worker], Coordinator), StringComparison.Ordinal);

    [Fact]
    public void WhyNotLeave_WorkerAmongOneCoordinator_MayGo() => Assert.Null(MembershipRules.WhyNotLeave([Coordinator, Worker], Worker));

    [Fact]
    public void WhyNotLeave_UnreachableOrOnItsWay_IsRefusedWithWhatIsPossible()
    {
        Assert.Contains("cluster down", MembershipRules.WhyNotLeave([Coordinator, Worker], Worker with { IsReachable = false }), StringComparison.Ordinal);
        Assert.Contains("Leaving already", MembershipRules.WhyNotLeave([Coordinator, Worker], Worker with { Status = "Leaving" }), StringComparison.Ordinal);
    }

    [Fact]
    public void WhyNotDown_TheNodeItself_IsRefused() =>
        Assert.Contains("cluster leave", MembershipRules.WhyNotDown([Coordinator, Second with { IsSelf = true }], Second with { IsSelf = true }), StringComparison.Ordinal);

    [Fact]
    public void WhyStay_AllCoordinatorsUnreachable_IsRefusedForAllOfThemTogether()
    {
        var (a, b) = (Coordinator with { IsReachable = false }, Second with { IsReachable = false });
        Assert.Contains("a:1, b:1 is the last coordinator", MembershipRules.WhyStay([a, b, Worker], [a, b]), StringComparison.Ordinal);
    }

    private static MemberReport Member(string address, string role) => new(address, address + "#1", [role], "Up", IsReachable: true, IsSelf: false, IsLeader: false, IsOldest: false);
}
