using ActorCluster.Core.Voting;
using ActorCluster.Processing.Serialization;
using Akka.Actor;

namespace ActorCluster.Processing.Voting;

/// <summary>What a video and its votes tell each other, inside one process, and what the votes store.</summary>
internal static class VotingMessages
{
    /// <summary>Count these votes.</summary>
    /// <param name="Votes">The votes.</param>
    /// <param name="Traces">The spans of their classification, with spaces between; empty where nobody traces.</param>
    internal sealed record CountVotes(WindowVotes Votes, string Traces = "") : INoSerializationVerificationNeeded;

    /// <summary>Where counting stands; sent after recovery and after every count.</summary>
    /// <param name="NextWindow">The first window still to be asked for; meaningless when complete.</param>
    /// <param name="DecidedFrames">Frames decided so far.</param>
    /// <param name="IsComplete">Whether every frame is decided.</param>
    internal sealed record VotesCounted(int NextWindow, int DecidedFrames, bool IsComplete) : INoSerializationVerificationNeeded;

    /// <summary>Give all decided frames.</summary>
    internal sealed record GetDecided : INoSerializationVerificationNeeded;

    /// <summary>All decided frames.</summary>
    internal sealed record Decided(Core.Voting.FramesDecided Frames) : INoSerializationVerificationNeeded;

    /// <summary>The predictions are published, or the video starts again: the votes' history can go.</summary>
    internal sealed record Forget : INoSerializationVerificationNeeded;

    /// <summary>The history is gone, or could not be removed, which costs a published video space only.</summary>
    internal sealed record Forgotten(bool IsGone) : INoSerializationVerificationNeeded;

    /// <summary>Stored: frames for which every covering window has voted.</summary>
    /// <param name="FirstFrame">The first frame, from 0.</param>
    /// <param name="Probabilities">Half floats, little endian, [n, 8].</param>
    /// <param name="Flags">Flags as bytes, [n].</param>
    internal sealed record FramesDecided(int FirstFrame, byte[] Probabilities, byte[] Flags) : IWireMessage;
}
