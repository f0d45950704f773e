using ActorCluster.Core;

namespace ActorCluster.Training.SampleData;

/// <summary>How often each class was called what, over all frames of all videos.</summary>
internal sealed class ConfusionCounts
{
    private readonly long[,] _counts = new long[Expressions.Count, Expressions.Count];

    /// <summary>Counts a video's frames; those with the label -1 are left out.</summary>
    public void Add(IReadOnlyList<int> labels, IReadOnlyList<int> predictions)
    {
        for (var i = 0; i < labels.Count; i++)
        {
            if (labels[i] != FrameLabels.Skip)
            {
                _counts[labels[i], predictions[i]]++;
            }
        }
    }

    /// <summary>The mean over the eight classes of 2 TP / (2 TP + FP + FN), 0 for a class that neither occurs nor is predicted.</summary>
    public double MacroF1()
    {
        var sum = 0.0;
        for (var c = 0; c < Expressions.Count; c++)
        {
            var (own, said) = (0L, 0L);
            for (var other = 0; other < Expressions.Count; other++)
            {
                own += _counts[c, other];
                said += _counts[other, c];
            }

            sum += own + said == 0 ? 0 : 2.0 * _counts[c, c] / (own + said);
        }

        return sum / Expressions.Count;
    }
}
