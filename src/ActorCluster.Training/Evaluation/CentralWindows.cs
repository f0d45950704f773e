using System.Runtime.InteropServices;
using ActorCluster.Core;
using ActorCluster.Core.Voting;
using ActorCluster.Core.Windows;

namespace ActorCluster.Training.Evaluation;

/// <summary>Predictions without voting: each frame's from one window alone, the one in whose middle it lies most nearly, the earlier of two.</summary>
/// <param name="frames">The number of the video's frames.</param>
internal sealed class CentralWindows(int frames)
{
    private readonly Half[] probabilities = new Half[frames * Expressions.Count];
    private readonly FrameFlags[] flags = new FrameFlags[frames];

    // Twice the distance from the window's middle, so that it is whole.
    private readonly int[] distances = [.. Enumerable.Repeat(int.MaxValue, frames)];

    /// <summary>The predictions, after the last window.</summary>
    public FramesDecided Frames => new(0, ImmutableCollectionsMarshal.AsImmutableArray(probabilities), ImmutableCollectionsMarshal.AsImmutableArray(flags));

    /// <summary>Takes what a window says of the frames that it is the most central for so far.</summary>
    /// <param name="window">The window; windows come in order.</param>
    /// <param name="votes">Probabilities, [T, 8].</param>
    /// <param name="voteFlags">Flags, [T].</param>
    public void Add(FrameWindow window, ReadOnlySpan<Half> votes, ReadOnlySpan<FrameFlags> voteFlags)
    {
        for (var i = 0; i < window.Length; i++)
        {
            var (frame, distance) = (window.Start + i, Math.Abs((2 * i) - (window.Length - 1)));
            if (distance < distances[frame])
            {
                distances[frame] = distance;
                flags[frame] = voteFlags[i];
                votes.Slice(i * Expressions.Count, Expressions.Count).CopyTo(probabilities.AsSpan(frame * Expressions.Count));
            }
        }
    }
}
