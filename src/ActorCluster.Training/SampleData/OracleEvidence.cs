namespace ActorCluster.Training.SampleData;

/// <summary>What an oracle may use.</summary>
internal enum OracleEvidence
{
    /// <summary>Pictures and sound.</summary>
    Both,

    /// <summary>Pictures.</summary>
    Video,

    /// <summary>Sound.</summary>
    Audio,
}
