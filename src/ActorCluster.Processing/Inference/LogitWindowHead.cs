using System.Collections.Immutable;
using ActorCluster.Core;
using ActorCluster.Core.Windows;
using ActorCluster.Models;

namespace ActorCluster.Processing.Inference;

/// <summary>The visual encoder's own head: every frame for itself.</summary>
internal sealed class LogitWindowHead(ImmutableArray<Expression> classes, double temperature) : IWindowHead
{
    /// <inheritdoc/>
    public void Classify(FrameRows rows, IReadOnlyList<FrameWindow> windows, int length, Span<Half> probabilities, Span<FrameFlags> flags)
    {
        var logits = new float[classes.Length];
        for (var w = 0; w < windows.Count; w++)
        {
            for (var frame = windows[w].Start; frame < windows[w].End; frame++)
            {
                var (row, source) = ((w * length) + frame - windows[w].Start, frame - rows.FirstFrame);
                if (!rows.Flags[source].HasFlag(FrameFlags.FacePresent))
                {
                    continue;
                }

                for (var k = 0; k < logits.Length; k++)
                {
                    logits[k] = (float)rows.Logits[(source * logits.Length) + k];
                }

                LogitHead.ToProbabilities(logits, classes.AsSpan(), temperature, probabilities.Slice(row * Expressions.Count, Expressions.Count));
                flags[row] |= FrameFlags.Voted;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
