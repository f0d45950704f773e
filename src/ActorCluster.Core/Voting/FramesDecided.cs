using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace ActorCluster.Core.Voting;

/// <summary>Consecutive frames for which every covering window has voted: an event, and joined up over a whole video also the state itself.</summary>
/// <param name="FirstFrame">The 0-based index of the first frame.</param>
/// <param name="Probabilities">The mean of each frame's votes, [n, 8]; zeros for a frame without a vote.</param>
/// <param name="Flags">The flags of each frame, [n]: face, decoded, voted.</param>
public sealed record FramesDecided(int FirstFrame, ImmutableArray<Half> Probabilities, ImmutableArray<FrameFlags> Flags)
{
    /// <summary>The number of frames.</summary>
    public int Count => Flags.Length;

    /// <summary>The index after the last frame.</summary>
    public int EndFrame => FirstFrame + Count;

    /// <summary>Whether both hold the same frames and the same bits.</summary>
    public bool Equals(FramesDecided? other) => other is not null
        && FirstFrame == other.FirstFrame
        && MemoryMarshal.AsBytes(Probabilities.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(other.Probabilities.AsSpan()))
        && Flags.AsSpan().SequenceEqual(other.Flags.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(FirstFrame, Count);
}
