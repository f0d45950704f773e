namespace ActorCluster.Models.Fusion;

/// <summary>
/// What a fusion network looks at. A network of one modality has the same size and takes the other as missing always, in training and at inference: the
/// baseline that shows what the fusion adds.
/// </summary>
public enum Modalities
{
    /// <summary>Face and voice.</summary>
    Both,

    /// <summary>The face alone.</summary>
    Video,

    /// <summary>The voice alone.</summary>
    Audio,
}
