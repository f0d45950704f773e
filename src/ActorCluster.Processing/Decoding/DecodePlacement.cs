using System.Collections.Immutable;
using static ActorCluster.Processing.Decoding.DecodeMessages;

namespace ActorCluster.Processing.Decoding;

/// <summary>
/// Which units of work are decoded on another node than the one that encodes them. A node decodes for itself until its device has waited for decoding for a
/// while; then it may have one unit decoded elsewhere, and more, step by step, as long as its device still waits. What it has is not taken back when the
/// device no longer waits, for that is what it was for: it ends when the node has had no work for a while. Soft, like the rest of the broker's state: heartbeats
/// teach all of it.
/// </summary>
/// <param name="Decoders">Nodes that decode for others.</param>
/// <param name="Needs">Inference nodes.</param>
internal sealed record DecodePlacement(ImmutableDictionary<string, DecodePlacement.Decoder> Decoders, ImmutableDictionary<string, DecodePlacement.Need> Needs)
{
    /// <summary>How long a device must wait for decoding before its node gets more decoders.</summary>
    public static readonly TimeSpan LagFor = TimeSpan.FromSeconds(2);

    /// <summary>How long the effect of a step takes to show.</summary>
    public static readonly TimeSpan StepEvery = TimeSpan.FromSeconds(5);

    /// <summary>How long a node without work keeps what it has.</summary>
    public static readonly TimeSpan IdleFor = TimeSpan.FromSeconds(60);

    /// <summary>Who has been silent for so long is forgotten.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    /// <summary>How long a choice counts as a slot in use before the decoder's heartbeat must show it.</summary>
    public static readonly TimeSpan ChoiceFor = TimeSpan.FromSeconds(5);

    /// <summary>Knows nothing yet.</summary>
    public static DecodePlacement Empty { get; } = new(ImmutableDictionary<string, Decoder>.Empty, ImmutableDictionary<string, Need>.Empty);

    /// <summary>A node tells what it could decode.</summary>
    /// <param name="heartbeat">What it tells.</param>
    /// <param name="path">The path of its decoding actor.</param>
    /// <param name="now">The time.</param>
    public DecodePlacement Heard(DecoderHeartbeat heartbeat, string path, DateTime now)
    {
        var chosen = Decoders.GetValueOrDefault(heartbeat.Node)?.Chosen ?? [];
        // A choice that has become a stream is in what the decoder serves.
        var appeared = heartbeat.Serves.RemoveRange(Decoders.GetValueOrDefault(heartbeat.Node)?.Serves ?? []);
        chosen = [.. appeared.Aggregate(chosen, (rest, node) => rest.FindIndex(c => c.Node == node) is >= 0 and var i ? rest.RemoveAt(i) : rest).Where(c => now - c.At < ChoiceFor)];
        return this with { Decoders = Decoders.SetItem(heartbeat.Node, new Decoder(heartbeat.Node, path, heartbeat.Class, heartbeat.Slots, heartbeat.Serves, chosen, now)) };
    }

    /// <summary>An inference node tells how far its decoding is behind.</summary>
    /// <param name="node">The node.</param>
    /// <param name="machine">Its kind of machine: only the same kind decodes the same bytes.</param>
    /// <param name="lag">The share of the last ten seconds in which its device waited for decoding.</param>
    /// <param name="units">How many units of work it has.</param>
    /// <param name="now">The time.</param>
    public DecodePlacement Heard(string node, string machine, double lag, int units, DateTime now)
    {
        var need = Needs.GetValueOrDefault(node) ?? new Need(machine, 0, null, null, now, now);
        need = need with { Machine = machine, HeardAt = now, WorkedAt = units > 0 ? now : need.WorkedAt, LagsSince = lag >= DecodeLagMeter.High ? need.LagsSince ?? now : null };
        if (now - need.WorkedAt > IdleFor)
        {
            need = need with { Allowed = 0, SteppedAt = null };
        }
        else if (now - need.LagsSince >= LagFor && (need.SteppedAt is null || now - need.SteppedAt >= StepEvery))
        {
            // By half as much again: few steps to many decoders, and no more than half too many.
            need = need with { Allowed = Math.Min(units, need.Allowed + Math.Max(1, need.Allowed / 2)), SteppedAt = now };
        }

        return this with { Needs = Needs.SetItem(node, need) };
    }

    /// <summary>Where a unit that was granted to a node is to be decoded.</summary>
    /// <param name="node">The node that encodes it.</param>
    /// <param name="now">The time.</param>
    /// <returns>The path of the decoding actor; empty for the node itself.</returns>
    public (DecodePlacement State, string Path) Choose(string node, DateTime now)
    {
        if (Needs.GetValueOrDefault(node) is not { Allowed: > 0 } need || Decoders.Values.Sum(d => d.For(node, now)) >= need.Allowed)
        {
            return (this, "");
        }

        var decoder = Decoders.Values
            .Where(d => d.Node != node && d.Class == need.Machine && now - d.HeardAt < Silence && d.Free(now) > 0)
            .OrderByDescending(d => d.Free(now)).ThenBy(d => d.Node, StringComparer.Ordinal)
            .FirstOrDefault();
        return decoder is null
            ? (this, "")
            : (this with { Decoders = Decoders.SetItem(decoder.Node, decoder with { Chosen = decoder.Chosen.Add(new Choice(node, now)) }) }, decoder.Path);
    }

    /// <summary>Forgets who has fallen silent.</summary>
    public DecodePlacement Expire(DateTime now) => this with
    {
        Decoders = Decoders.RemoveRange(Decoders.Where(d => now - d.Value.HeardAt >= Silence).Select(d => d.Key)),
        Needs = Needs.RemoveRange(Needs.Where(n => now - n.Value.HeardAt >= IdleFor).Select(n => n.Key)),
    };

    /// <summary>A node that decodes for others.</summary>
    /// <param name="Node">Its name.</param>
    /// <param name="Path">The path of its decoding actor.</param>
    /// <param name="Class">Its kind of machine.</param>
    /// <param name="Slots">Units at a time.</param>
    /// <param name="Serves">The node that each slot in use works for.</param>
    /// <param name="Chosen">Choices that its heartbeats have not shown yet.</param>
    /// <param name="HeardAt">When it was heard last.</param>
    internal sealed record Decoder(string Node, string Path, string Class, int Slots, ImmutableArray<string> Serves, ImmutableList<Choice> Chosen, DateTime HeardAt)
    {
        /// <summary>Slots that are not in use.</summary>
        public int Free(DateTime now) => Slots - Serves.Length - Chosen.Count(c => now - c.At < ChoiceFor);

        /// <summary>Slots in use for a node.</summary>
        public int For(string node, DateTime now) => Serves.Count(s => s == node) + Chosen.Count(c => c.Node == node && now - c.At < ChoiceFor);
    }

    /// <summary>A decoder was chosen for a node.</summary>
    internal sealed record Choice(string Node, DateTime At);

    /// <summary>What an inference node needs.</summary>
    /// <param name="Machine">Its kind of machine.</param>
    /// <param name="Allowed">How many of its units may be decoded elsewhere.</param>
    /// <param name="LagsSince">Since when its device has waited for decoding; null if it does not.</param>
    /// <param name="SteppedAt">When it was allowed more last.</param>
    /// <param name="WorkedAt">When it had work last.</param>
    /// <param name="HeardAt">When it was heard last.</param>
    internal sealed record Need(string Machine, int Allowed, DateTime? LagsSince, DateTime? SteppedAt, DateTime WorkedAt, DateTime HeardAt);
}
