namespace ActorCluster.Core;

/// <summary>
/// A half-open interval [<see cref="StartPts"/>, <see cref="EndPts"/>) of one video's presentation time: the unit of lease, retry and persistence.
/// </summary>
/// <param name="Index">The chunk's 0-based place in the plan.</param>
/// <param name="FirstFrame">The 0-based index of its first frame in the timeline.</param>
/// <param name="FrameCount">The number of its frames, at least 1.</param>
/// <param name="StartPts">The interval's inclusive start in ticks.</param>
/// <param name="EndPts">The interval's exclusive end in ticks.</param>
public readonly record struct Chunk(int Index, int FirstFrame, int FrameCount, long StartPts, long EndPts);
