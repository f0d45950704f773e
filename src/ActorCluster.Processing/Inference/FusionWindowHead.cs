using ActorCluster.Core;
using ActorCluster.Core.Windows;
using ActorCluster.Models.Fusion;

namespace ActorCluster.Processing.Inference;

/// <summary>The fusion network over face and voice.</summary>
internal sealed class FusionWindowHead : IWindowHead
{
    private readonly FusionClassifier _classifier;
    private readonly float[] _results;

    /// <summary>Takes a classifier over.</summary>
    /// <param name="classifier">The network.</param>
    public FusionWindowHead(FusionClassifier classifier)
    {
        _classifier = classifier;
        _results = new float[classifier.Batch * classifier.Config.WindowLength * Expressions.Count];
    }

    /// <inheritdoc/>
    public void Classify(FrameRows rows, IReadOnlyList<FrameWindow> windows, int length, Span<Half> probabilities, Span<FrameFlags> flags)
    {
        var faces = Array.ConvertAll(rows.Flags, f => f.HasFlag(FrameFlags.FacePresent));
        for (var first = 0; first < windows.Count; first += _classifier.Batch)
        {
            var count = Math.Min(_classifier.Batch, windows.Count - first);
            var batch = new FusionWindow[count];
            for (var w = 0; w < count; w++)
            {
                batch[w] = Window(rows, faces, windows[first + w]);
            }

            var results = _results.AsSpan(0, count * length * Expressions.Count);
            _classifier.Classify(batch, results);
            for (var w = 0; w < count; w++)
            {
                var window = windows[first + w];
                for (var frame = window.Start; frame < window.End; frame++)
                {
                    var source = frame - rows.FirstFrame;
                    if (faces[source] || rows.HasAudio[source])
                    {
                        var (from, to) = ((w * length) + frame - window.Start, ((first + w) * length) + frame - window.Start);
                        HalfRows.Round(results.Slice(from * Expressions.Count, Expressions.Count), probabilities, to);
                        flags[to] |= FrameFlags.Voted;
                    }
                }
            }
        }
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
