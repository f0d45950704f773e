namespace ActorCluster.Media;

/// <summary>How frames are read.</summary>
/// <param name="StallTimeout">A decoder that gives no frame for so long while it is waited for is killed, and the video is at fault.</param>
public sealed record FrameReaderOptions(TimeSpan StallTimeout)
{
    /// <summary>The options used where none are given: 30 seconds.</summary>
    public static FrameReaderOptions Default { get; } = new(TimeSpan.FromSeconds(30));
}
