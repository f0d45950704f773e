namespace ActorCluster.Core;

/// <summary>What is known of one frame beside its probabilities.</summary>
[Flags]
public enum FrameFlags : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A face was found.</summary>
    FacePresent = 1,

    /// <summary>The frame could be decoded; the timeline's row stays when it could not.</summary>
    Decoded = 2,

    /// <summary>At least one window voted for the frame.</summary>
    Voted = 4,

    /// <summary>The audio track has sound around the frame.</summary>
    AudioPresent = 8,

    /// <summary>The probabilities come from neighbouring frames or the prior, not from the frame itself.</summary>
    Imputed = 16,
}
