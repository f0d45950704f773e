using System.Collections.Immutable;
using ActorCluster.Processing.Serialization;
using Akka.Actor;

namespace ActorCluster.Processing.Control;

/// <summary>What nodes ask each other's <see cref="NodeControlActor"/> for an operator.</summary>
internal static class ControlMessages
{
    /// <summary>How is the node? Answered by <see cref="NodeReport"/>.</summary>
    internal sealed record GetNodeReport : IWireMessage;

    /// <summary>Take nothing new, or take work again.</summary>
    internal sealed record SetDrained(bool Drained) : IWireMessage;

    /// <summary>Work on so many units at a time.</summary>
    internal sealed record SetSlots(int Slots) : IWireMessage;

    /// <summary>Finish, hand back what is left, leave the cluster and end.</summary>
    internal sealed record LeaveCluster : IWireMessage;

    /// <summary>Which shards does the node have? Answered by <see cref="ShardsCounted"/>.</summary>
    internal sealed record GetShards : IWireMessage;

    /// <summary>The shards of a node.</summary>
    internal sealed record ShardsCounted(ImmutableArray<ShardCount> Shards) : IWireMessage;

    /// <summary>To the actor of inference, or of decoding, in the same process: <see cref="NodeDuty"/> has changed.</summary>
    internal sealed class DutyChanged : INoSerializationVerificationNeeded
    {
        /// <summary>The only one.</summary>
        public static readonly DutyChanged Instance = new();
    }
}
