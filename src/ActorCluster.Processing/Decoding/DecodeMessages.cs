using System.Collections.Immutable;
using ActorCluster.Processing.Serialization;
using static ActorCluster.Processing.Slots.SlotMessages;

namespace ActorCluster.Processing.Decoding;

/// <summary>What nodes that decode for others, those others, and the slot broker tell each other. The pictures themselves go another way.</summary>
internal static class DecodeMessages
{
    /// <summary>To the broker, every second from each node that decodes for others.</summary>
    /// <param name="Node">The node.</param>
    /// <param name="Class">The kind of machine; it decodes for nodes of the same kind only, since bytes could differ.</param>
    /// <param name="Slots">How many units it decodes at a time for others; 0 when it is about to leave.</param>
    /// <param name="Serves">The node that each slot in use works for, or is kept for.</param>
    internal sealed record DecoderHeartbeat(string Node, string Class, int Slots, ImmutableArray<string> Serves) : IWireMessage;

    /// <summary>From an inference node to a decoder: decode this unit of work for me.</summary>
    /// <param name="Node">The inference node.</param>
    /// <param name="Key">What the decoded bytes depend on beside the video, as the inference node has it.</param>
    /// <param name="Order">The unit.</param>
    internal sealed record OpenDecode(string Node, string Key, StartUnit Order) : IWireMessage;

    /// <summary>The stream is to be fetched there, by who has the token, once and soon.</summary>
    /// <param name="Host">The decoder's name or address.</param>
    /// <param name="Port">The TCP port.</param>
    /// <param name="Token">16 random bytes.</param>
    internal sealed record DecodeOffered(string Host, int Port, byte[] Token) : IWireMessage;

    /// <summary>The decoder cannot, now or at all.</summary>
    internal sealed record DecodeRefused(string Reason) : IWireMessage;
}
