using ActorCluster.Core;
using ActorCluster.Core.Windows;
using ActorCluster.Models.Fusion;

namespace ActorCluster.Processing.Inference;

/// <summary>The fusion network over face and voice.</summary>
internal sealed class FusionWindowHead : IWindowHead
{
    private readonly FusionClassifier _classifier;

    /// <summary>Takes a classifier over.</summary>
    /// <param name="classifier">The network.</param>
    public FusionWindowHead(FusionClassifier classifier) => _classifier = classifier;

    /// <inheritdoc/>
    public void Classify(FrameRows rows, IReadOnlyList<FrameWindow> windows, int length, Span<Half> probabilities, Span<FrameFlags> flags)
    {
        var faces = Array.ConvertAll(rows.Flags, f => f.HasFlag(FrameFlags.FacePresent));
        _classifier.Vote([.. windows.Select(window => Window(rows, faces, window))], probabilities, flags);
    }

    /// <inheritdoc/>
    public void Dispose() => _classifier.Dispose();

    private FusionWindow Window(FrameRows rows, bool[] faces, FrameWindow window)
    {
        var (start, count, config) = (window.Start - rows.FirstFrame, window.End - window.Start, _classifier.Config);
        return new FusionWindow(
            rows.Visual.AsMemory(start * config.VisualWidth, count * config.VisualWidth),
            rows.Audio.AsMemory(start * config.AudioWidth, count * config.AudioWidth),
            faces.AsMemory(start, count),
            rows.HasAudio.AsMemory(start, count));
    }
}
