using ActorCluster.Processing.Hosting;

namespace ActorCluster.Processing.Tests.Hosting;

public sealed class MembershipTests
{
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, true, true, false)]
    [InlineData(false, true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(true, true, true, true)]
    public void IsOnTheSideThatGoesOn_CoordinatorsReached_IsTheMajority(bool goesOn, params bool[] reached) => Assert.Equal(goesOn, Membership.IsOnTheSideThatGoesOn(reached));
}
