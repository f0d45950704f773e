using ActorCluster.Processing.Slots;
using ActorCluster.Processing.Videos;

namespace ActorCluster.Processing.Tests.Slots;

public sealed class StandInTests
{
    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private int _leases;

    [Fact]
    public void Look_BrokerAnswers_OffersNothing()
    {
        var state = Heard(Video(0));
        Assert.Empty(state.Look(At(2.4), 4, Lease).Offers);
    }

    [Fact]
    public void Look_BrokerNeverHeard_OffersNothing() => Assert.Empty(StandIn.Empty.Began(Video(0), Lease()).Look(At(0), 0, Lease).State.Look(At(2), 4, Lease).Offers);

    [Fact]
    public void Look_BrokerSilent_OffersFreeSlotsInTurn()
    {
        var (state, offers) = Silent(Video(0), Video(1)).Look(At(3), 3, Lease);
        Assert.Equal([Video(0), Video(1), Video(0)], offers.Select(o => o.Key));
        Assert.Equal(3, offers.Select(o => o.Lease).Distinct().Count());
        Assert.Empty(state.Look(At(3.5), 3, Lease).Offers);
    }

    [Fact]
    public void Look_OfferTaken_OffersTheNextFreeSlotToo()
    {
        var (state, offers) = Silent(Video(0)).Look(At(3), 1, Lease);
        state = state.Began(Video(0), offers[0].Lease);
        Assert.Empty(state.Look(At(4), 0, Lease).Offers);
        Assert.Equal(Video(0), Assert.Single(state.Look(At(4), 1, Lease).Offers).Key);
    }

    [Fact]
    public void Look_OfferNotTaken_GoesToAnotherVideoAndNotBackToThatOne()
    {
        var state = Silent(Video(0), Video(1));
        (state, var first) = state.Look(At(3), 1, Lease);
        (state, var second) = state.Look(At(4.5), 1, Lease);
        state = state.Began(second[0].Key, second[0].Lease);
        (_, var third) = state.Look(At(5), 1, Lease);
        Assert.Equal([Video(0), Video(1), Video(1)], new[] { first[0].Key, second[0].Key, third[0].Key });
    }

    [Fact]
    public void Look_NobodyTakesAnything_Ends()
    {
        var state = Silent(Video(0), Video(1));
        var offered = 0;
        for (var second = 3; second < 60; second++)
        {
            (state, var offers) = state.Look(At(second), 2, Lease);
            offered += offers.Count;
        }

        Assert.Equal(2, offered);
    }

    [Fact]
    public void Look_ProcessStoodStill_WaitsForTheBrokerAnew()
    {
        var state = Silent(Video(0));
        (state, var none) = state.Look(At(30), 4, Lease);
        Assert.Empty(none);
        (state, none) = state.Look(At(32.4), 4, Lease);
        Assert.Empty(none);
        Assert.NotEmpty(state.Look(At(32.5), 4, Lease).Offers);
    }

    [Fact]
    public void Heard_AfterSilence_TakesOffersBack()
    {
        var (state, _) = Silent(Video(0)).Look(At(3), 2, Lease);
        state = state.Heard(At(4), [Video(0)], []);
        Assert.Empty(state.Offers);
        Assert.Empty(state.Look(At(5), 2, Lease).Offers);
    }

    private static VideoKey Video(int index) => new("run", index, 1);

    private static DateTime At(double seconds) => Start.AddSeconds(seconds);

    /// <summary>The broker was heard at 0 s, of videos of which the node works for the first.</summary>
    private StandIn Heard(params VideoKey[] videos) => StandIn.Empty.Look(At(0), 0, Lease).State.Heard(At(0), videos[..1], videos);

    /// <summary>The same, and the node has looked every second since.</summary>
    private StandIn Silent(params VideoKey[] videos) => Enumerable.Range(0, 3).Aggregate(Heard(videos), (s, second) => s.Look(At(second), 4, Lease).State);

    private string Lease() => $"lease-{++_leases}";
}
