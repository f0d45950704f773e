namespace ActorCluster.Models.Fusion;

/// <summary>
/// A window's features and masks, n frames with 1 &lt;= n &lt;= T; fewer than T only for a video shorter than a window. What stands in a
/// feature row whose mask is false does not matter.
/// </summary>
/// <param name="Visual">Visual features, [n, visual width].</param>
/// <param name="Audio">Audio features, [n, audio width].</param>
/// <param name="VisualPresent">Whether the frame has a face, [n].</param>
/// <param name="AudioPresent">Whether the frame has audio, [n].</param>
public sealed record FusionWindow(
    ReadOnlyMemory<Half> Visual, ReadOnlyMemory<Half> Audio, ReadOnlyMemory<bool> VisualPresent, ReadOnlyMemory<bool> AudioPresent)
{
    /// <summary>The number of frames, n.</summary>
    public int Frames => VisualPresent.Length;
}
