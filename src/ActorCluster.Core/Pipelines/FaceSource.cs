namespace ActorCluster.Core.Pipelines;

/// <summary>Where the visual encoder's images come from.</summary>
public enum FaceSource
{
    /// <summary>Faces are detected in the decoded frames and cropped.</summary>
    Detect,

    /// <summary>A folder of crops per video, <c>00001.jpg</c> for the first frame and so on, as Aff-Wild2 ships them; a missing file is a missing face.</summary>
    Aligned,

    /// <summary>The whole frame; every decoded frame counts as one with a face.</summary>
    None,
}
