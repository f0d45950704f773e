using System.Collections.Immutable;
using ActorCluster.Processing.Videos;

namespace ActorCluster.Processing.Slots;

/// <summary>
/// What an inference node does while no broker answers: it offers its free slots itself, in turn to the videos that it works for and to those that waited when
/// the broker was heard last, as long as they take them. So work goes on through the half a minute that the cluster needs to replace a broker that died. The
/// new broker learns of the leases from heartbeats.
/// </summary>
/// <param name="HeardAt">When the broker answered last; null before it ever has: a node that joins waits for it.</param>
/// <param name="LookedAt">When this was asked last.</param>
/// <param name="Offers">Leases that were offered and not taken yet.</param>
/// <param name="Turn">The videos, next one first.</param>
internal sealed record StandIn(DateTime? HeardAt, DateTime LookedAt, ImmutableDictionary<string, StandIn.Offer> Offers, ImmutableList<VideoKey> Turn)
{
    /// <summary>A broker that has not answered for so long is taken for dead. It answers every heartbeat, one a second.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(2.5);

    /// <summary>A video that has not taken a slot for so long has no use for it, or died with the broker.</summary>
    public static readonly TimeSpan OfferLasts = TimeSpan.FromSeconds(1.5);

    /// <summary>Knows nothing yet.</summary>
    public static StandIn Empty { get; } = new(null, DateTime.MinValue, ImmutableDictionary<string, Offer>.Empty, []);

    /// <summary>The broker answered: slots are its own again.</summary>
    /// <param name="now">The time.</param>
    /// <param name="working">The videos that this node works for.</param>
    /// <param name="waiting">Videos that wait, next one first.</param>
    public StandIn Heard(DateTime now, IReadOnlyCollection<VideoKey> working, IReadOnlyCollection<VideoKey> waiting) =>
        this with { HeardAt = now, Offers = Offers.Clear(), Turn = [.. working.Concat(waiting).Distinct()] };

    /// <summary>A video began a unit on a slot, whoever granted it.</summary>
    public StandIn Began(VideoKey key, string lease) => this with { Offers = Offers.Remove(lease), Turn = Turn.Remove(key).Add(key) };

    /// <summary>Offers free slots, if the broker is silent.</summary>
    /// <param name="now">The time.</param>
    /// <param name="free">Slots that nothing works on.</param>
    /// <param name="newLease">Makes lease ids.</param>
    /// <returns>The state, and the new offers.</returns>
    public (StandIn State, IReadOnlyList<(VideoKey Key, string Lease)> Offers) Look(DateTime now, int free, Func<string> newLease)
    {
        // A process that stood still cannot say who was silent meanwhile.
        var stoodStill = now - LookedAt > Silence;
        var looked = this with { LookedAt = now, HeardAt = stoodStill && HeardAt is not null ? now : HeardAt };
        if (looked.HeardAt is not { } heard || now - heard < Silence)
        {
            return (looked, []);
        }

        var lapsed = Offers.Where(o => now - o.Value.At >= OfferLasts).ToList();
        var turn = Turn.RemoveAll(key => lapsed.Exists(o => o.Value.Key == key));
        var offers = Offers.RemoveRange(lapsed.Select(o => o.Key));
        List<(VideoKey, string)> made = [];
        while (offers.Count < free && !turn.IsEmpty)
        {
            var (key, lease) = (turn[0], newLease());
            turn = turn.RemoveAt(0).Add(key);
            offers = offers.Add(lease, new Offer(key, now));
            made.Add((key, lease));
        }

        return (looked with { Offers = offers, Turn = turn }, made);
    }

    /// <summary>A slot that was offered to a video.</summary>
    internal sealed record Offer(VideoKey Key, DateTime At);
}
