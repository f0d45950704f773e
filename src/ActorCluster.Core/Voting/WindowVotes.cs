using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace ActorCluster.Core.Voting;

/// <summary>What consecutive windows say of their frames.</summary>
/// <param name="FirstWindow">The index of the first window.</param>
/// <param name="WindowCount">The number of windows, at least 1.</param>
/// <param name="Probabilities">
/// Class probabilities [windows, T, 8], T being the pipeline's window length even where the video is shorter. Rows without a vote and rows beyond the
/// video's end are not looked at.
/// </param>
/// <param name="Flags">
/// Flags [windows, T]: <see cref="FrameFlags.Voted"/> says that this window votes for this frame; <see cref="FrameFlags.FacePresent"/> and
/// <see cref="FrameFlags.Decoded"/> are facts of the frame and the same in every window. No other flag is allowed.
/// </param>
public sealed record WindowVotes(int FirstWindow, int WindowCount, ImmutableArray<Half> Probabilities, ImmutableArray<FrameFlags> Flags)
{
    /// <summary>The index after the last window.</summary>
    public int EndWindow => FirstWindow + WindowCount;

    /// <summary>Whether both hold the same windows and the same bits.</summary>
    public bool Equals(WindowVotes? other) => other is not null
        && FirstWindow == other.FirstWindow
        && WindowCount == other.WindowCount
        && MemoryMarshal.AsBytes(Probabilities.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(other.Probabilities.AsSpan()))
        && Flags.AsSpan().SequenceEqual(other.Flags.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(FirstWindow, WindowCount);
}
