namespace ActorCluster.Models.Fusion;

/// <summary>Which modality <see cref="ModalityDropout"/> takes from a training window. Never both.</summary>
public enum DroppedModality
{
    /// <summary>The face.</summary>
    Visual,

    /// <summary>The voice.</summary>
    Audio,

    /// <summary>The one or the other, with equal chance.</summary>
    Either,
}
