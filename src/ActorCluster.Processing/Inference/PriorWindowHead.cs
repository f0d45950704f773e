using ActorCluster.Core;
using ActorCluster.Core.Windows;

namespace ActorCluster.Processing.Inference;

/// <summary>The head of a pipeline that computes features only: it votes for no frame, so that all are given the prior and marked as imputed.</summary>
internal sealed class PriorWindowHead : IWindowHead
{
    /// <inheritdoc/>
    public void Classify(FrameRows rows, IReadOnlyList<FrameWindow> windows, int length, Span<Half> probabilities, Span<FrameFlags> flags)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
