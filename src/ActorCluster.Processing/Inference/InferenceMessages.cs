using ActorCluster.Core;
using ActorCluster.Storage;
using Akka.Actor;

namespace ActorCluster.Processing.Inference;

/// <summary>What the actors of one unit of work tell each other inside their process.</summary>
internal static class InferenceMessages
{
    /// <summary>Decoder to chunk: faces to encode.</summary>
    internal sealed record BatchDecoded(FaceBatch Batch) : INoSerializationVerificationNeeded;

    /// <summary>Decoder to chunk: a segment of audio to encode.</summary>
    internal sealed record SegmentDecoded(SegmentRequest Segment) : INoSerializationVerificationNeeded;

    /// <summary>Chunk to encoder: encode this.</summary>
    internal sealed record Encode<TRequest>(TRequest Request) : INoSerializationVerificationNeeded;

    /// <summary>Encoder to chunk: done.</summary>
    internal sealed record Encoded<TRequest>(TRequest Request) : INoSerializationVerificationNeeded;

    /// <summary>Node to a pool of encoders: let so many work side by side, if there are fewer.</summary>
    internal sealed record GrowTo(int Lanes) : INoSerializationVerificationNeeded;

    /// <summary>Decoder to chunk: all frames of a chunk have been read, and all batches of its faces were sent before this.</summary>
    /// <param name="Chunk">The chunk.</param>
    /// <param name="Flags">Face and decoded bits of each planned frame, [n].</param>
    /// <param name="Boxes">Face boxes [n, 4] in pixels; NaN without a face.</param>
    internal sealed record ChunkDecoded(Chunk Chunk, FrameFlags[] Flags, float[] Boxes) : INoSerializationVerificationNeeded;

    /// <summary>Decoder to chunk: the audio track is read.</summary>
    internal sealed record AudioDecoded(AudioLevels Levels) : INoSerializationVerificationNeeded;

    /// <summary>Decoder to chunk: everything of the unit is read.</summary>
    internal sealed record UnitDecoded : INoSerializationVerificationNeeded;

    /// <summary>Any step of the unit failed.</summary>
    internal sealed record StepFailed(Exception Cause, string Stage) : INoSerializationVerificationNeeded;

    /// <summary>Node to chunk: give up, without fault.</summary>
    internal sealed record GiveUp(string Reason) : INoSerializationVerificationNeeded;

    /// <summary>Chunk to node: the unit's lease is over.</summary>
    internal sealed record UnitEnded(string Lease) : INoSerializationVerificationNeeded;

    /// <summary>Node: take no more work, and report when no unit is left.</summary>
    /// <param name="Finish">How long units may go on before they are handed back.</param>
    internal sealed record Drain(TimeSpan Finish) : INoSerializationVerificationNeeded;

    /// <summary>Node: no unit is left.</summary>
    internal sealed record Drained : INoSerializationVerificationNeeded;
}
