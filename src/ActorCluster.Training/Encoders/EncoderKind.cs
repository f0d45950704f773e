namespace ActorCluster.Training.Encoders;

/// <summary>What an encoder looks at.</summary>
public enum EncoderKind
{
    /// <summary>Faces: a BEiT.</summary>
    Visual,

    /// <summary>The voice: a WavLM.</summary>
    Audio,
}
