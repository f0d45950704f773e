namespace ActorCluster.Core.Pipelines;

/// <summary>How frames are read.</summary>
/// <param name="MaxLongSide">Frames whose longer side has more pixels are scaled down to it, 64 to 8192.</param>
public sealed record FrameSettings(int MaxLongSide);
