using ActorCluster.Core.Pipelines;

namespace ActorCluster.Core.Windows;

/// <summary>
/// A video's windows: they start at multiples of the stride, and the last one is moved back to end with the video, so that every frame is covered.
/// A video shorter than a window has one window of all its frames; whoever runs it pads and masks the rest. Every question takes constant time.
/// </summary>
public sealed record WindowPlan
{
    private readonly int stride;
    private readonly int lastStart;

    /// <summary>Plans the windows of a video.</summary>
    /// <param name="frameCount">The number of its frames, at least 1.</param>
    /// <param name="settings">Window length and stride.</param>
    /// <exception cref="ArgumentOutOfRangeException">The frame count, length or stride is out of its range.</exception>
    public WindowPlan(int frameCount, WindowSettings settings)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frameCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Length, 1, nameof(settings));
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Stride, 1, nameof(settings));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(settings.Stride, settings.Length, nameof(settings));
        FrameCount = frameCount;
        WindowLength = Math.Min(settings.Length, frameCount);
        stride = settings.Stride;
        lastStart = frameCount - WindowLength;
        Count = CeilingDivide(lastStart, stride) + 1;
    }

    /// <summary>The number of the video's frames.</summary>
    public int FrameCount { get; }

    /// <summary>The number of real frames in every window: the window length, or all frames of a shorter video.</summary>
    public int WindowLength { get; }

    /// <summary>The number of windows, at least 1.</summary>
    public int Count { get; }

    /// <summary>A window by its index.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such window.</exception>
    public FrameWindow this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return new FrameWindow(index, index == Count - 1 ? lastStart : index * stride, WindowLength);
        }
    }

    /// <summary>The index of the first window that covers a frame.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such frame.</exception>
    public int FirstCovering(int frame)
    {
        CheckFrame(frame);
        return frame < WindowLength ? 0 : ((frame - WindowLength) / stride) + 1;
    }

    /// <summary>The index of the last window that covers a frame; those between it and the first cover it too.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such frame.</exception>
    public int LastCovering(int frame)
    {
        CheckFrame(frame);
        return frame >= lastStart ? Count - 1 : frame / stride;
    }

    /// <summary>The windows that lie wholly in [<paramref name="startFrame"/>, <paramref name="endFrame"/>): those that can be computed from these frames alone.</summary>
    /// <param name="startFrame">The first frame.</param>
    /// <param name="endFrame">The frame after the last.</param>
    /// <exception cref="ArgumentOutOfRangeException">The interval is not within the video.</exception>
    public WindowRange WindowsWithin(int startFrame, int endFrame)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(startFrame);
        ArgumentOutOfRangeException.ThrowIfLessThan(endFrame, startFrame);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(endFrame, FrameCount);
        if (endFrame - startFrame < WindowLength)
        {
            return new WindowRange(0, 0);
        }

        var first = CeilingDivide(startFrame, stride);
        var end = endFrame == FrameCount ? Count : ((endFrame - WindowLength) / stride) + 1;
        return first < end ? new WindowRange(first, end - first) : new WindowRange(0, 0);
    }

    private static int CeilingDivide(int dividend, int divisor) => dividend == 0 ? 0 : ((dividend - 1) / divisor) + 1;

    private void CheckFrame(int frame)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(frame);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(frame, FrameCount);
    }
}
