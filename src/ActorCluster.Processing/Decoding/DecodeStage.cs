namespace ActorCluster.Processing.Decoding;

/// <summary>What a decoder is doing, as a decode stream says it. Names are the stages' own, in lower case.</summary>
internal enum DecodeStage : byte
{
    /// <summary>Nothing is read yet.</summary>
    Starting,

    /// <summary>The audio track.</summary>
    Audio,

    /// <summary>Frames or crops.</summary>
    Decode,
}
