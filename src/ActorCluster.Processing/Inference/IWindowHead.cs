using ActorCluster.Core;
using ActorCluster.Core.Windows;

namespace ActorCluster.Processing.Inference;

/// <summary>Turns the features of a window's frames into class probabilities.</summary>
internal interface IWindowHead : IDisposable
{
    /// <summary>Classifies windows.</summary>
    /// <param name="rows">Frames that include those of all windows.</param>
    /// <param name="windows">The windows.</param>
    /// <param name="length">Rows per window, T.</param>
    /// <param name="probabilities">Receives class probabilities of frames that the window votes for, [windows, T, 8].</param>
    /// <param name="flags">Flags [windows, T], set from <paramref name="rows"/>; receives <see cref="FrameFlags.Voted"/>.</param>
    void Classify(FrameRows rows, IReadOnlyList<FrameWindow> windows, int length, Span<Half> probabilities, Span<FrameFlags> flags);
}
