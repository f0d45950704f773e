namespace ActorCluster.Processing.Control;

/// <summary>What a unit of work waits for, as far as its device is concerned.</summary>
internal enum UnitPhase
{
    /// <summary>Its decoder, for the encoder has nothing of it.</summary>
    Decoding,

    /// <summary>The encoder, which has something of it.</summary>
    Encoding,

    /// <summary>The store, and then the journal: it is decoded and encoded.</summary>
    Storing,
}
