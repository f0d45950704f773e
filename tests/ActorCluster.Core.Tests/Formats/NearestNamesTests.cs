using ActorCluster.Core.Formats;

namespace ActorCluster.Core.Tests.Formats;

public sealed class NearestNamesTests
{
    private static readonly string[] Known = ["slots", "decode_slots", "state", "seeds", "port"];

    [Theory]
    [InlineData("slot", "slots")]
    [InlineData("SLOTS", "slots")]
    [InlineData("solts", "slots")]
    [InlineData("decodeslots", "decode_slots")]
    [InlineData("prot", "port")]
    public void Find_Misspelt_GivesTheNearest(string name, string nearest) => Assert.Equal([nearest], NearestNames.Find(name, Known));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("heartbeat")]
    public void Find_NothingLike_GivesNone(string name) => Assert.Empty(NearestNames.Find(name, Known));

    [Fact]
    public void Find_Several_OrdersByDistanceThenName() => Assert.Equal(["run-1", "run-2", "run-12"], NearestNames.Find("run-3", ["run-12", "other", "run-2", "run-1"], most: 3));

    [Fact]
    public void Find_VeryLongName_GivesNone() => Assert.Empty(NearestNames.Find(new string('a', 1 << 20), Known));
}
