namespace ActorCluster.Processing.Decoding;

/// <summary>
/// The kinds of frames of a decode stream: one byte of kind, the payload's length in bytes as a little-endian 32-bit integer, the payload. Numbers are
/// little-endian. Both ends know the video's plan and the pipeline's shapes, so nothing that follows from them is sent, and every length can be checked
/// before anything is allocated.
/// </summary>
internal enum DecodeFrame : byte
{
    /// <summary>Chunk (int32), number of images n (int32), each image's frame in the chunk (int32 [n]), input of the encoder (bytes [n, input bytes]).</summary>
    Batch = 1,

    /// <summary>Segment (int32), samples (float32 [samples], the rest of the encoder's input being zeros).</summary>
    Segment = 2,

    /// <summary>Whether there is a track (byte 0 or 1), level of each hop (float32 [hops]).</summary>
    Audio = 3,

    /// <summary>Chunk (int32), flags (bytes [n]), face boxes (float32 [n, 4]).</summary>
    Chunk = 4,

    /// <summary>Nothing; the last frame.</summary>
    End = 5,

    /// <summary>Sign of life: stage (byte, <see cref="DecodeStage"/>), frames read (int32), steps done (int64).</summary>
    Progress = 6,

    /// <summary>A <see cref="Fault"/> as JSON; the last frame.</summary>
    Fault = 7,
}
