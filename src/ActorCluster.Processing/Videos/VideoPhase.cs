namespace ActorCluster.Processing.Videos;

/// <summary>How far a video has come.</summary>
internal enum VideoPhase
{
    /// <summary>Nothing is stored of it.</summary>
    New,

    /// <summary>It has a plan; its chunks are being worked on.</summary>
    Planned,

    /// <summary>Every frame is decided; the outputs are being written.</summary>
    Publishing,

    /// <summary>Its outputs are in place.</summary>
    Published,

    /// <summary>It ended with a fault of its own.</summary>
    Quarantined,
}
