namespace ActorCluster.Core.Windows;

/// <summary>Consecutive frames that the fusion network sees at once.</summary>
/// <param name="Index">The window's 0-based place in the plan.</param>
/// <param name="Start">The 0-based index of its first frame.</param>
/// <param name="Length">The number of real frames, at least 1; smaller than the plan's window length only where the whole video is shorter.</param>
public readonly record struct FrameWindow(int Index, int Start, int Length)
{
    /// <summary>The index after its last frame.</summary>
    public int End => Start + Length;
}
